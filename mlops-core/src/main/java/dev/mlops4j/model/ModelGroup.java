package dev.mlops4j.model;

import java.util.List;

/** What models that are made of several have in common. */
final class ModelGroup {

  private ModelGroup() {}

  static void check(String what, List<? extends Model> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException(what + " is made of at least one model");
    }
    Signature first = models.get(0).signature();
    for (Model model : models) {
      if (!model.signature().equals(first)) {
        throw new IllegalArgumentException(
            what + " is of models of one signature, found " + first + " and " + model.signature());
      }
    }
  }

  static void close(List<Model> models) {
    RuntimeException first = null;
    for (Model model : models) {
      try {
        model.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
