package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the categories of a data frame, which LightGBM's Python appends to the text model. */
final class LightGbmCategories {

  private static final String CATEGORIES = "pandas_categorical:";
  private static final String FEATURES = "[categorical_feature: ";

  private LightGbmCategories() {}

  /**
   * Takes the rest of the file. The lists are in the order of the columns that are categories in
   * the data frame; where these are not as many as the categorical features, nobody can tell which
   * belongs to which, and the result is empty.
   */
  static List<List<String>> read(LightGbmLines lines, boolean[] categorical) {
    boolean[] known = categorical;
    List<List<String>> lists = List.of();
    for (String line = lines.line(); line != null; line = lines.line()) {
      if (line.startsWith(FEATURES) && line.endsWith("]")) {
        known = named(line.substring(FEATURES.length(), line.length() - 1), categorical);
      } else if (line.startsWith(CATEGORIES)) {
        lists = lists(line.substring(CATEGORIES.length()));
      }
    }
    int columns = 0;
    for (boolean is : known) {
      columns += is ? 1 : 0;
    }
    if (lists.isEmpty() || lists.size() != columns) {
      return List.of();
    }
    List<List<String>> categories = new ArrayList<>(Collections.nCopies(known.length, List.of()));
    int next = 0;
    for (int i = 0; i < known.length; i++) {
      if (known[i]) {
        categories.set(i, lists.get(next++));
      }
    }
    return categories;
  }

  private static boolean[] named(String indices, boolean[] otherwise) {
    boolean[] named = new boolean[otherwise.length];
    for (String index : indices.split(",", -1)) {
      if (!index.matches("\\d{1,9}") || Integer.parseInt(index) >= named.length) {
        return otherwise;
      }
      named[Integer.parseInt(index)] = true;
    }
    return named;
  }

  private static List<List<String>> lists(String json) {
    Values values = new JsonValues(json.getBytes(UTF_8));
    List<List<String>> lists = new ArrayList<>();
    if (values.peek() != Values.Kind.ARRAY) {
      return lists;
    }
    values.beginArray();
    while (values.hasNext()) {
      List<String> list = new ArrayList<>();
      values.beginArray();
      while (values.hasNext()) {
        list.add(values.nextText());
      }
      lists.add(list);
    }
    return lists;
  }
}
