package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.FollowerCannotLoadException;
import dev.mlops4j.registry.Gate;
import dev.mlops4j.registry.GatesFailedException;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.NoSuchModelException;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.registry.StageConflictException;
import dev.mlops4j.tracking.ParamConflictException;
import dev.mlops4j.tracking.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a model that was trained anew, the challenger, against the version in PRODUCTION, the
 * champion, on the same data, and registers it with the comparison. It is promoted by a person,
 * unless {@link #promotingIfBetter} says otherwise. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * ChallengeResult result =
 *     Challenge.of(registry, "flight-delay", "log_loss", (version, model) -> recent.evaluate(model))
 *         .promotingIfBetter(Gates.goldenRows(ModelLoaders.discovered()))
 *         .register(run, model.packaged(training));
 * }</pre>
 *
 * <p>What is compared is logged in the run before the package, and so is kept with the version: the
 * challenger's metrics under their names, the champion's with {@code champion_} before, the params
 * {@value #AGAINST} and {@value #VERDICT}. Doing it again with the same run and the same package,
 * as after a crash, gives the version that it has; the params stay those of the first time. A score
 * that is NaN is not better, also of a first version, and any number is better than it.
 */
public final class Challenge {

  private static final String CHAMPION = "champion";
  private static final String NONE = "none";
  private static final String FIRST = "first";
  private static final String BETTER = "better";
  private static final String NOT_BETTER = "not better";

  private static final Logger LOG = LoggerFactory.getLogger(Challenge.class);

  /** The param that has the number of the champion, or {@code none}. */
  public static final String AGAINST = "challenge_against";

  /** The param that says {@code better}, {@code not better} or {@code first}. */
  public static final String VERDICT = "challenge_verdict";

  private final Registry registry;
  private final String model;
  private final String metric;
  private final Better better;
  private final Judge judge;
  private final double margin;
  private final ModelLoaders loaders;
  private final @Nullable List<Gate> gates;

  private Challenge(
      Registry registry,
      String model,
      String metric,
      Better better,
      Judge judge,
      double margin,
      ModelLoaders loaders,
      @Nullable List<Gate> gates) {
    this.registry = registry;
    this.model = model;
    this.metric = metric;
    this.better = better;
    this.judge = judge;
    this.margin = margin;
    this.loaders = loaders;
    this.gates = gates;
  }

  /** Evaluates a model. */
  @FunctionalInterface
  public interface Judge {

    /**
     * How good a model is, on the same data for both, none of which the challenger was trained on.
     *
     * @param champion whose model it is, so that its features can be chosen; null for the
     *     challenger
     * @param model loaded, closed by the caller
     */
    Evaluation evaluate(@Nullable ModelVersion champion, Model model);
  }

  /**
   * A challenge by a metric of the evaluation whose name says which values are better, such as
   * {@code log_loss}.
   *
   * @throws MonitorConfigurationException if the name does not say it
   */
  public static Challenge of(Registry registry, String model, String metric, Judge judge) {
    Better better =
        Better.of(metric)
            .orElseThrow(
                () ->
                    new MonitorConfigurationException(
                        "the challenge of \"" + model + "\"",
                        List.of(
                            "which values of "
                                + metric
                                + " are better its name does not say: state it")));
    return of(registry, model, metric, better, judge);
  }

  /** A challenge by a metric of the evaluation. */
  public static Challenge of(
      Registry registry, String model, String metric, Better better, Judge judge) {
    return new Challenge(
        registry, model, metric, better, judge, 0, ModelLoaders.discovered(), null);
  }

  /**
   * The same, by which the challenger is better only if it is by more than this, in the metric's
   * unit.
   *
   * @throws MonitorConfigurationException if it is negative or NaN
   */
  public Challenge byMoreThan(double newMargin) {
    if (!(newMargin >= 0)) {
      throw new MonitorConfigurationException(
          "the challenge of \"" + model + "\"",
          List.of("byMoreThan(" + newMargin + ") is not accepted: 0 or more"));
    }
    return new Challenge(registry, model, metric, better, judge, newMargin, loaders, gates);
  }

  /** The same with other loaders than those that are discovered. */
  public Challenge loadedBy(ModelLoaders newLoaders) {
    return new Challenge(registry, model, metric, better, judge, margin, newLoaders, gates);
  }

  /**
   * The same, by which a challenger that is better, or the first version, is promoted to PRODUCTION
   * if it passes these gates and those of the registry. One that does not is left to a person.
   */
  public Challenge promotingIfBetter(Gate... newGates) {
    return new Challenge(
        registry, model, metric, better, judge, margin, loaders, List.of(newGates));
  }

  /**
   * Judges both, logs the comparison and the package in the run, registers the version, and
   * promotes it if that was asked for and it may be: {@link #compare} and {@link #settle}.
   *
   * @throws dev.mlops4j.MlopsException if a model cannot be loaded or judged; what was logged and
   *     registered until then stays
   */
  public ChallengeResult register(Run run, ModelPackage challenger) {
    return settle(compare(run, challenger));
  }

  /**
   * Judges both, and logs the comparison and then the package in the run; registers nothing. A run
   * that is compared again is compared with the champion of the first time, whichever is in
   * PRODUCTION by then: {@link #settle} promotes it only if that one still is.
   *
   * @return what {@link #settle} takes, now or after a crash
   */
  public StoredPackage compare(Run run, ModelPackage challenger) {
    ModelVersion present = production();
    if (present != null && run.id().equals(present.runId())) {
      return run.log(challenger); // an attempt before this one was compared, and promoted
    }
    Evaluation found = judge(null, challenger);
    double score = score(found);
    run.log(found);
    String against =
        param(run, AGAINST, present == null ? NONE : Integer.toString(present.number()));
    ModelVersion champion = champion(against);
    String verdict = Double.isNaN(score) ? NOT_BETTER : FIRST;
    if (champion != null) {
      Evaluation asked = judge(champion, registry.load(champion));
      run.log(asked, CHAMPION);
      verdict = isBetter(score, score(asked)) ? BETTER : NOT_BETTER;
    }
    String unused = param(run, VERDICT, verdict);
    return run.log(challenger);
  }

  /** A score that is no number is never better, and any number is better than it. */
  private boolean isBetter(double score, double than) {
    return !Double.isNaN(score) && (Double.isNaN(than) || better.loss(score, than) < -margin);
  }

  /**
   * Registers a package that was compared, and promotes the version if that was asked for and it
   * may be. Doing it again gives the same version, and promotes none that was in PRODUCTION before.
   *
   * @throws MonitoringException if the package was registered before it was compared
   */
  public ChallengeResult settle(StoredPackage compared) {
    ModelVersion version = registry.register(model, compared);
    RunFacts facts = registry.details(version).facts();
    String verdict = facts.params().get(VERDICT);
    Double score = facts.metrics().get(metric);
    if (verdict == null || score == null) {
      throw new MonitoringException(
          version.label()
              + " was registered without a comparison by "
              + metric
              + "; compare a package before it is registered");
    }
    ModelVersion champion = champion(facts.params().get(AGAINST));
    Double championScore =
        verdict.equals(FIRST) ? null : facts.metrics().get(CHAMPION + "_" + metric);
    boolean isBetter = !verdict.equals(NOT_BETTER);
    String comparison = comparison(champion, score, championScore);
    Promoted promoted =
        isBetter && gates != null
            ? promote(version, champion, comparison, gates)
            : new Promoted(wasPromoted(version), List.of());
    return new ChallengeResult(
        version,
        champion,
        metric,
        score,
        championScore,
        isBetter,
        promoted.done(),
        promoted.refusals(),
        comparison);
  }

  /** The version that it was compared with; null if there was none, or it is deleted. */
  private @Nullable ModelVersion champion(@Nullable String number) {
    if (NONE.equals(number)) {
      return null;
    }
    return registry.versions(model).stream()
        .filter(version -> Integer.toString(version.number()).equals(number))
        .findFirst()
        .orElse(null);
  }

  private boolean wasPromoted(ModelVersion version) {
    return registry.history(model).stream()
        .anyMatch(
            entry ->
                entry instanceof StageChange change
                    && change.version() == version.number()
                    && change.to() == Stage.PRODUCTION);
  }

  /** Of an attempt that is made again the first word stands: params are written once. */
  private static String param(Run run, String key, String value) {
    try {
      run.param(key, value);
      return value;
    } catch (ParamConflictException e) {
      LOG.info("{} stays as it was: {}", key, e.getMessage());
      return e.stored();
    }
  }

  private record Promoted(boolean done, List<String> refusals) {}

  private Promoted promote(
      ModelVersion version, @Nullable ModelVersion champion, String why, List<Gate> all) {
    if (wasPromoted(version)) {
      return new Promoted(true, List.of());
    }
    try {
      ModelVersion unused =
          registry
              .promote(version)
              .to(Stage.PRODUCTION)
              .expecting(champion)
              .through(all.toArray(Gate[]::new))
              .because(why)
              .commit();
      return new Promoted(true, List.of());
    } catch (GatesFailedException e) {
      List<String> refusals = new ArrayList<>();
      e.failures().forEach(failure -> refusals.add(failure.toString()));
      return new Promoted(false, refusals);
    } catch (StageConflictException | FollowerCannotLoadException e) {
      return new Promoted(false, List.of(Objects.requireNonNullElse(e.getMessage(), e.toString())));
    }
  }

  private String comparison(
      @Nullable ModelVersion champion, double score, @Nullable Double championScore) {
    return champion == null || championScore == null
        ? String.format(Locale.ROOT, "%s %.6g, the first version", metric, score)
        : String.format(
            Locale.ROOT,
            "%s %.6g against %.6g of %s",
            metric,
            score,
            championScore,
            champion.label());
  }

  private Evaluation judge(@Nullable ModelVersion version, ModelPackage modelPackage) {
    try (Model loaded = loaders.load(modelPackage)) {
      return judge.evaluate(version, loaded);
    }
  }

  private double score(Evaluation evaluation) {
    Double found = evaluation.metrics().get(metric);
    return Optional.ofNullable(found)
        .orElseThrow(
            () ->
                new MonitorConfigurationException(
                    "the challenge of \"" + model + "\"",
                    List.of(
                        "there is no metric "
                            + metric
                            + "; the evaluation has "
                            + String.join(", ", evaluation.metrics().keySet()))));
  }

  private @Nullable ModelVersion production() {
    try {
      return registry.production(model);
    } catch (NoSuchModelException e) {
      return null;
    }
  }
}
