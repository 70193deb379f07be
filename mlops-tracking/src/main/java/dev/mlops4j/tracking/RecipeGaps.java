package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;

/** What a run lacks to be made again, in sentences. */
final class RecipeGaps {

  private final RunRecord run;
  private final Recipe.Code code;
  private final List<String> gaps = new ArrayList<>();

  private RecipeGaps(RunRecord run) {
    this.run = run;
    this.code = Recipe.Code.of(run.environment());
  }

  static List<String> of(RunRecord run) {
    RecipeGaps gaps = new RecipeGaps(run);
    gaps.end();
    gaps.code();
    gaps.data();
    gaps.seeds();
    gaps.resumes();
    return gaps.gaps;
  }

  private void end() {
    if (run.status() != RunStatus.FINISHED) {
      add("The run is " + run.status() + ": what it logged may not be all.");
    }
  }

  private void code() {
    if (code.commit() == null) {
      add(
          "The commit of the code is not known: it ran outside of a Git repository, and no variable"
              + " of a CI told it.");
    } else if (code.dirty() == null) {
      add(
          "Whether the code had changes that are not in commit "
              + code.commit()
              + " is not known.");
    } else if (code.dirty()) {
      add("The code had changes that are not in commit " + code.commit() + ".");
    }
    if (code.commit() == null || !Boolean.FALSE.equals(code.dirty())) {
      List<String> directories = directories();
      if (!directories.isEmpty()) {
        add("Of what the class path had in " + directories + " no digest is known.");
      }
    }
    String command = code.command();
    if (command == null) {
      add("The main class and its arguments are not known.");
    } else if (command.contains(CommandMask.MASK)) {
      add("The command has masked arguments, which have to be given anew.");
    }
  }

  private void data() {
    if (run.datasets().isEmpty()) {
      add("No dataset was logged.");
    }
  }

  private void seeds() {
    if (run.params().isEmpty()) {
      add("No params were logged.");
    }
    boolean known =
        run.params().keySet().stream()
            .map(key -> key.toLowerCase(Locale.ROOT))
            .anyMatch(key -> key.contains("seed") || key.contains("random_state"));
    if (!known) {
      add("No seed was logged: what was random comes out otherwise.");
    }
  }

  private void resumes() {
    for (RunResume resume : run.resumes()) {
      String sentence = "It was " + resume.before() + " and went on at " + resume.at();
      List<String> changed = changed(resume.environment());
      add(changed.isEmpty() ? sentence + "." : sentence + ", with another " + changed + ".");
    }
  }

  private List<String> changed(SortedMap<String, String> later) {
    TreeSet<String> names = new TreeSet<>(run.environment().keySet());
    names.addAll(later.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(run.environment().get(name), later.get(name)))
        .toList();
  }

  private List<String> directories() {
    return run.environment().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(RunEnvironment.CLASS_PATH))
        .filter(entry -> entry.getValue().contains(RunEnvironment.DIRECTORY))
        .map(entry -> entry.getKey().substring(RunEnvironment.CLASS_PATH.length()))
        .toList();
  }

  private void add(String sentence) {
    gaps.add(sentence);
  }
}
