package dev.mlops4j.benchmarks.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Searches among 100,000 runs, and the peer's among 3,000, as more take it hours to write. */
final class Searches {

  private static final int OURS = 100_000;
  private static final int PEERS = 3_000;
  private static final int SENT_AT_ONCE = 500;
  private static final int FOUND = 50;
  private static final int WARM_UP = 100;
  private static final int CALLS = 50;
  private static final int ROUNDS = 5;
  private static final double NANOS = 1e9;

  private static final List<Case> CASES =
      List.of(
          new Case(
              "search-10-percent",
              "metrics.auc > 0.5 and params.depth = '3'",
              true,
              run -> run.auc() > 0.5 && run.isDepth(3),
              "15ms"),
          new Case(
              "search-1-percent",
              "metrics.auc > 0.5 and params.width = '3'",
              true,
              run -> run.auc() > 0.5 && run.isWidth(3),
              "10ms"),
          new Case("search-newest", "", false, run -> true, "10ms"));

  private Searches() {}

  /**
   * A search for the first 50.
   *
   * @param best whether they are ordered by their AUC, else the newest come first
   * @param byHand the same as the filter
   */
  private record Case(
      String name,
      String filter,
      boolean best,
      Predicate<SearchRuns.Values> byHand,
      String required) {

    List<String> expected(List<SearchRuns.Values> runs) {
      Comparator<SearchRuns.Values> order =
          best
              ? Comparator.comparing(SearchRuns.Values::auc)
              : Comparator.comparing(SearchRuns.Values::no);
      return runs.stream()
          .filter(byHand)
          .sorted(order.reversed())
          .limit(FOUND)
          .map(SearchRuns.Values::name)
          .toList();
    }

    RunSearch in(Tracking tracking) {
      RunSearch search = tracking.search(SearchRuns.EXPERIMENT).limit(FOUND);
      search = filter.isEmpty() ? search : search.where(filter);
      return best ? search.orderBy("metrics.auc desc") : search;
    }

    Map<String, Object> command(int calls) {
      List<String> order = best ? List.of("metrics.auc DESC") : List.of();
      return Map.of("command", "search", "filter", filter, "order", order, "calls", calls);
    }
  }

  static void measure(Path directory, PythonPeer peer, Report report) throws IOException {
    List<SearchRuns.Values> runs = SearchRuns.first(OURS);
    List<SearchRuns.Values> fewer = runs.subList(0, PEERS);
    report.note("%d runs for each side, %d more for ours", PEERS, OURS - PEERS);
    fill(peer, fewer);
    try (Workspace few = filled(directory.resolve("few"), fewer);
        Workspace many = filled(directory.resolve("many"), runs)) {
      Tracking among = Tracking.in(many);
      for (Case each : CASES) {
        require("ours", names(each.in(Tracking.in(few)).page().runs()), each.expected(fewer));
        require("ours", names(each.in(among).page().runs()), each.expected(runs));
        require("MLflow", names(peer.ask(each.command(1)).get("names")), each.expected(fewer));
      }
      for (Case each : CASES) {
        measure(each, each.in(among), peer, report);
      }
    }
  }

  private static void measure(Case each, RunSearch search, PythonPeer peer, Report report)
      throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      search.page();
    }
    List<Double> ours = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < CALLS; i++) {
        long begin = System.nanoTime();
        search.page();
        ours.add((double) (System.nanoTime() - begin));
      }
      peers.add(peer.ask(each.command(CALLS)).get("p50").asDouble() * NANOS);
    }
    report.alone(each.name + "-p50", Units.nanos(Units.median(ours)), each.required);
    report.nanos(each.name + "-beside-3000-p50", Units.median(ours), Units.median(peers));
  }

  private static Workspace filled(Path directory, List<SearchRuns.Values> runs) {
    Workspace workspace = Workspace.open(directory);
    SearchRuns.fill(workspace.database(Area.METADATA), runs);
    return workspace;
  }

  private static void fill(PythonPeer peer, List<SearchRuns.Values> runs) throws IOException {
    for (int from = 0; from < runs.size(); from += SENT_AT_ONCE) {
      List<List<Object>> some =
          runs.subList(from, Math.min(from + SENT_AT_ONCE, runs.size())).stream()
              .map(run -> List.<Object>of(run.name(), run.paramsByKey(), run.metricsByKey()))
              .toList();
      peer.ask(Map.of("command", "fill", "runs", some));
    }
  }

  private static List<String> names(List<RunRecord> runs) {
    return runs.stream().map(RunRecord::name).toList();
  }

  private static List<String> names(JsonNode names) {
    return StreamSupport.stream(names.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static void require(String side, List<String> found, List<String> expected) {
    if (!found.equals(expected)) {
      throw new DisagreementException(side + " has found " + found + ", not " + expected);
    }
  }
}
