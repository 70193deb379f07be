package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.serving.ModelImport;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers versions of another workspace, or a model that was trained elsewhere. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Registers the versions of an archive that models export wrote; or a model trained elsewhere"
          + " as a new version: a file of XGBoost (JSON, UBJSON), LightGBM (text) or ONNX, or a"
          + " directory that MLflow saved."
    })
final class ImportCommand extends WorkspaceCommand {

  private static final int MOST_GOLDEN = 10;

  @Parameters(paramLabel = "PATH", description = "The archive, the file, or MLflow's directory.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path path;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "MODEL",
      description = "The model's name in the registry; an archive has its own names.")
  private @Nullable String name;

  @Option(
      names = "--output",
      paramLabel = "TASK:NAME[:LABEL,...]",
      description =
          "What it predicts, such as binary:late, regression:minutes, multiclass:kind:short,long.")
  private @Nullable String output;

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "NAME,...",
      description = "The names of the inputs, for a file without names.")
  private List<String> inputs = List.of();

  @Option(
      names = "--categories",
      paramLabel = "INPUT=CATEGORY,...",
      description = "The categories of an input in the order of their codes; repeatable.")
  private Map<String, String> categories = Map.of();

  @Option(
      names = "--golden",
      paramLabel = "FILE.csv",
      description = "Rows of the inputs whose predictions every load must give again.")
  private @Nullable Path golden;

  @Option(
      names = "--profile",
      paramLabel = "FILE.csv",
      description = "Rows of the training, for the profile that a service is monitored against.")
  private @Nullable Path profile;

  @Option(
      names = "--all-rounds",
      description = "Predict with all rounds of a model that stopped early.")
  private boolean allRounds;

  @Option(
      names = "--max-bytes",
      paramLabel = "BYTES",
      description =
          "How many bytes an archive may unpack to (default: " + Archive.DEFAULT_MAX_BYTES + ").")
  private @Nullable Long maxBytes;

  /** Makes the workspace if it is not there. */
  @Override
  Workspace open(WorkspaceOption option) {
    if (!Files.exists(path)) {
      throw new CommandException(
          ExitCode.NOT_FOUND, path + " is not there; name an archive, a file or a directory");
    }
    return option.openOrMake();
  }

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    if (Archive.isArchive(path)) {
      importArchive(Registry.in(opened), printer);
    } else {
      importModel(opened, printer);
    }
    return ExitCode.DONE;
  }

  private void importArchive(Registry registry, Printer printer) {
    if (name != null || output != null || !inputs.isEmpty() || !categories.isEmpty()) {
      throw new IllegalArgumentException(
          "an archive says what its versions are: --name, --output, --inputs and --categories are"
              + " for models trained elsewhere; leave them out");
    }
    List<ModelVersion> versions =
        registry.importFrom(path, maxBytes == null ? Archive.DEFAULT_MAX_BYTES : maxBytes);
    ArrayNode json = Json.array();
    for (ModelVersion version : versions) {
      json.add(Json.version(version));
      if (!printer.isJson()) {
        printer.line(version.label() + " in " + version.stage());
      }
    }
    if (printer.isJson()) {
      printer.json(json);
    }
  }

  private void importModel(Workspace opened, Printer printer) {
    String model = name;
    if (model == null) {
      throw new IllegalArgumentException(
          path + " is no archive of versions, and a model trained elsewhere needs --name MODEL");
    }
    if (maxBytes != null) {
      throw new IllegalArgumentException(
          "--max-bytes is for archives, and " + path + " is none; leave it out");
    }
    ModelPackage imported = asked().read();
    ModelVersion version =
        Registry.in(opened)
            .register(
                model,
                new StoredPackage(
                    opened.artifacts().putTree(imported.files()), imported.manifest()));
    if (printer.isJson()) {
      printer.json(Json.version(version));
      return;
    }
    printer.line(
        version.label()
            + ": "
            + imported.manifest().format()
            + ", inputs "
            + String.join(", ", imported.manifest().signature().names())
            + ", "
            + imported.goldenRows().size()
            + " golden rows, profile of "
            + imported.referenceProfile().overall().rowCount()
            + " rows");
  }

  private ModelImport asked() {
    ModelImport asked = ModelImport.of(path).inputs(inputs);
    if (output != null) {
      asked.output(output(output));
    }
    categories.forEach((input, list) -> asked.categories(input, List.of(list.split(",", -1))));
    if (golden != null) {
      asked.golden(rows(Csv.read(golden)));
    }
    if (profile != null) {
      asked.profile(Csv.read(profile));
    }
    if (allRounds) {
      asked.allRounds();
    }
    return asked;
  }

  static Output output(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length < 2) {
      throw wrong(text);
    }
    Task task;
    try {
      task = Task.valueOf(parts[0].toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong(text);
    }
    return new Output(
        parts[1], task, parts.length == 3 ? List.of(parts[2].split(",", -1)) : List.of());
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "--output is TASK:NAME[:LABEL,...] with the tasks binary, regression and multiclass, found "
            + text);
  }

  private static List<Map<String, @Nullable Object>> rows(Dataset dataset) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int row = 0; row < Math.min(MOST_GOLDEN, dataset.rowCount()); row++) {
      Map<String, @Nullable Object> values = new HashMap<>();
      for (Field field : dataset.schema().fields()) {
        values.put(field.name(), dataset.column(field.name()).get(row));
      }
      rows.add(values);
    }
    return rows;
  }
}
