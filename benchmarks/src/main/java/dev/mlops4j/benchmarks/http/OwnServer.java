package dev.mlops4j.benchmarks.http;

import dev.mlops4j.http.ModelServer;
import dev.mlops4j.http.ServingHandler;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.trees.TreeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves a model of trees over HTTP until the process ends. */
public final class OwnServer {

  private OwnServer() {}

  /**
   * Serves.
   *
   * @param args the model's file, the name to serve it under, the port
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    TreeModel trees = TreeModel.read(Path.of(args[0]));
    Signature signature =
        new Signature(
            trees.features().stream().map(feature -> Input.numeric(feature.name())).toList(),
            Output.binary("y"));
    try (Predictor<Map<String, @Nullable Object>> predictor =
            Predictor.ofInputs().serve(args[1], Model.of(signature, trees::predict)).build();
        ModelServer server =
            ModelServer.of(ServingHandler.of(predictor.untyped()).build())
                .port(Integer.parseInt(args[2]))
                .start()) {
      System.out.println("listening on " + server.port());
      Thread.currentThread().join();
    }
  }
}
