package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.report.TextTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to make a run again, and what of that is missing. Immutable.
 *
 * <pre>{@code
 * Recipe recipe = tracking.recipe(version.runId());
 * System.out.println(recipe.toText());
 * }</pre>
 *
 * <p>Where the code is the same, the datasets have the digests stated, and the trainer is
 * deterministic, a training with these params and seeds gives the models stated.
 *
 * @param runId the run
 * @param experiment its experiment
 * @param name what people call it
 * @param status how it ended
 * @param code which code ran
 * @param params its params but for the seeds, by key
 * @param seeds its seeds by name; see {@link Run#seed}
 * @param datasets the data it used, by digest, in the order in which it was logged
 * @param environment where it ran, as in {@link RunStart#environment()}
 * @param models the digest of every model package that it logged, by path, as {@link
 *     dev.mlops4j.workspace.Artifacts#treeDigest} of the package's files
 * @param missing what stands in the way, a sentence each; empty if nothing is known to
 */
public record Recipe(
    String runId,
    String experiment,
    String name,
    RunStatus status,
    Code code,
    SortedMap<String, String> params,
    SortedMap<String, Long> seeds,
    List<DatasetReference> datasets,
    SortedMap<String, String> environment,
    SortedMap<String, Digest> models,
    List<String> missing) {

  private static final String FORMAT = "mlops4j-recipe";
  private static final int VERSION = 1;

  /** Copies the collections. */
  public Recipe {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    seeds = Collections.unmodifiableSortedMap(new TreeMap<>(seeds));
    datasets = List.copyOf(datasets);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    missing = List.copyOf(missing);
  }

  /** The recipe of a run. */
  static Recipe of(RunRecord run) {
    SortedMap<String, String> params = new TreeMap<>();
    SortedMap<String, Long> seeds = new TreeMap<>();
    run.params()
        .forEach(
            (key, value) -> {
              Long seed = Run.seedOf(key, value);
              if (seed == null) {
                params.put(key, value);
              } else {
                seeds.put(key.substring(Run.SEED.length()), seed);
              }
            });
    SortedMap<String, Digest> models = new TreeMap<>();
    for (RunArtifact artifact : run.artifacts().values()) {
      if (artifact.kind() == RunArtifact.Kind.MODEL) {
        models.put(artifact.path(), artifact.digest());
      }
    }
    return new Recipe(
        run.id(),
        run.experiment(),
        run.name(),
        run.status(),
        Code.of(run.environment()),
        params,
        seeds,
        run.datasets(),
        run.environment(),
        models,
        RecipeGaps.of(run));
  }

  /** The recipe for people, what is missing first. */
  public String toText() {
    TextTable.Builder table = TextTable.builder().left("recipe").left("of").left(name);
    table.row("run", "id", runId);
    table.row("run", "status", status);
    missing.forEach(sentence -> table.row("missing", "", sentence));
    code.entries().forEach((key, value) -> table.row("code", key, shown(value)));
    datasets.forEach(
        data ->
            table.row(
                "dataset",
                data.role(),
                shown(data.name())
                    + ", "
                    + data.rows()
                    + " rows, SHA-256 "
                    + data.digest().hex()
                    + (data.source().isEmpty() ? "" : ", from " + shown(data.source()))));
    seeds.forEach((key, value) -> table.row("seed", key, value));
    params.forEach((key, value) -> table.row("param", key, shown(value)));
    models.forEach((path, digest) -> table.row("model", path, "SHA-256 " + digest.hex()));
    environment.forEach(
        (key, value) -> {
          if (!code.entries().containsKey(key)) {
            table.row("environment", key, shown(value));
          }
        });
    return table.build().toString();
  }

  /** The recipe for programs: an object with the names of the components. */
  public String toJson() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("format", FORMAT);
    object.put("version", VERSION);
    object.put("runId", runId);
    object.put("experiment", experiment);
    object.put("name", name);
    object.put("status", status);
    object.put("code", code.entries());
    object.put("params", params);
    object.put("seeds", seeds);
    List<Map<String, Object>> data = new ArrayList<>();
    for (DatasetReference dataset : datasets) {
      data.add(object(dataset));
    }
    object.put("datasets", data);
    object.put("environment", environment);
    Map<String, String> digests = new TreeMap<>();
    models.forEach((path, digest) -> digests.put(path, digest.hex()));
    object.put("models", digests);
    object.put("missing", missing);
    return new String(ArtifactJson.write("recipe", object), StandardCharsets.UTF_8);
  }

  private static Map<String, Object> object(DatasetReference dataset) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", dataset.name());
    object.put("role", dataset.role());
    object.put("rows", dataset.rows());
    object.put("sha256", dataset.digest().hex());
    if (!dataset.source().isEmpty()) {
      object.put("source", dataset.source());
    }
    if (dataset.schema() != null) {
      Map<String, String> columns = new LinkedHashMap<>();
      dataset.schema().fields().forEach(each -> columns.put(each.name(), each.type().name()));
      object.put("columns", columns);
    }
    return object;
  }

  /** On one line, whatever is in it. */
  private static String shown(String value) {
    return value.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * Which code ran.
   *
   * @param commit the commit; null if it is not known
   * @param branch the branch; null if none was checked out
   * @param dirty whether there were changes that are not committed; null if that is not known
   * @param command the main class and its arguments, secrets masked; null if it is not known
   */
  public record Code(
      @Nullable String commit,
      @Nullable String branch,
      @Nullable Boolean dirty,
      @Nullable String command) {

    static Code of(Map<String, String> environment) {
      String dirty = environment.getOrDefault(RunEnvironment.GIT_DIRTY, "");
      return new Code(
          environment.get(RunEnvironment.GIT_COMMIT),
          environment.get(RunEnvironment.GIT_BRANCH),
          switch (dirty) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
          },
          environment.get(RunEnvironment.COMMAND));
    }

    /** By the names of the environment. */
    private Map<String, String> entries() {
      Map<String, String> entries = new LinkedHashMap<>();
      if (commit != null) {
        entries.put(RunEnvironment.GIT_COMMIT, commit);
      }
      if (branch != null) {
        entries.put(RunEnvironment.GIT_BRANCH, branch);
      }
      entries.put(RunEnvironment.GIT_DIRTY, dirty == null ? "unknown" : dirty.toString());
      if (command != null) {
        entries.put(RunEnvironment.COMMAND, command);
      }
      return entries;
    }
  }
}
