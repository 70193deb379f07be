package dev.mlops4j.redis;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.OnlineStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a key's events as they were at one moment, page by page, so that only what is needed is
 * read. The moment is that of the first page. From a later page what was added since is left out,
 * and what was discarded since is put back: {@code discard.lua} retains it for a while.
 */
final class KeyScan {

  /** Enough for the latest value and for small windows; four times as many take thrice as long. */
  static final int FIRST_PAGE = 64;

  /** Lua passes on at most 8,000 values at once. */
  static final int GREATEST_PAGE = 4_096;

  /** How many events of one discard are retained; of a greater discard none are. */
  static final int RETAINED = 4_096;

  /** How long what was discarded is retained. */
  static final Duration RETENTION = Duration.ofSeconds(30);

  private static final int GROWTH = 8;

  private final Server server;
  private final ViewSpace space;
  private final EntityKey key;
  private final byte[] entity;
  private final Duration timeout;
  private final String asked;

  KeyScan(Server server, ViewSpace space, EntityKey key, Duration timeout) {
    this.server = server;
    this.space = space;
    this.key = key;
    this.entity = key.toBytes();
    this.timeout = timeout;
    this.asked = "show the events of a key of view \"" + space.view() + "\"";
  }

  /** Shows the events up to this event time; returns the horizon. */
  long show(long latest, OnlineStore.Visitor visitor) {
    long began = System.nanoTime();
    int size = FIRST_PAGE;
    Page page = read(Member.upTo(latest), size, "1");
    long moment = page.moment();
    long horizon = page.horizon();
    List<StoredEvent> events = page.events();
    while (showAll(events, visitor) && page.events().size() == size) {
      StoredEvent last = page.events().get(size - 1);
      size = Math.min(GROWTH * size, GREATEST_PAGE);
      page = read(Member.bound('[', last.member()), size, "");
      if (System.nanoTime() - began > RETENTION.toNanos()) {
        throw changed("that took more than " + RETENTION);
      }
      events = asOf(moment, page, last, page.events().size() == size);
    }
    return horizon;
  }

  private Page read(byte[] bound, int size, String first) {
    return Page.of(
        server.list(
            Script.SCAN,
            asked,
            timeout,
            space.keys().of(entity),
            bound,
            Integer.toString(size).getBytes(StandardCharsets.UTF_8),
            entity,
            first.getBytes(StandardCharsets.UTF_8)));
  }

  private boolean showAll(List<StoredEvent> events, OnlineStore.Visitor visitor) {
    for (StoredEvent event : events) {
      if (event.isDamaged()) {
        throw server.failure(
            asked,
            "an event's values are gone",
            "have the server evict nothing (maxmemory-policy noeviction), delete the keys with the"
                + " store's prefix and fill the store again",
            null);
      }
      FeatureEvent shown = event.of(key, space.codec());
      if (!visitor.visit(shown)) {
        return false;
      }
    }
    return true;
  }

  /** What a later page would have shown at a moment, after the last event of the page before. */
  private List<StoredEvent> asOf(long moment, Page page, StoredEvent last, boolean hasMore) {
    boolean continues = page.moment() >= moment;
    boolean foundLast = false;
    List<StoredEvent> events = new ArrayList<>();
    for (StoredEvent event : page.events()) {
      foundLast |= event.isSameAs(last);
      if (event.added() <= moment && event.isBefore(last)) {
        events.add(event);
      }
    }
    @Nullable StoredEvent lowest = hasMore ? page.events().get(page.events().size() - 1) : null;
    boolean putBack = false;
    for (Page.Forgotten forgotten : page.forgotten()) {
      StoredEvent event = forgotten.event();
      if (event == null) {
        continues &= forgotten.moment() <= moment;
        continue;
      }
      foundLast |= event.isSameAs(last);
      if (forgotten.moment() > moment
          && event.added() <= moment
          && event.isBefore(last)
          && (lowest == null || !event.isBefore(lowest))) {
        events.add(event);
        putBack = true;
      }
    }
    if (!continues || !foundLast) {
      throw changed("they were erased, or too many discarded, meanwhile");
    }
    if (putBack) {
      events.sort(Collections.reverseOrder((a, b) -> a.isBefore(b) ? -1 : b.isBefore(a) ? 1 : 0));
    }
    return events;
  }

  private RedisOnlineStoreException changed(String how) {
    return server.failure(asked, how, "ask again", null);
  }
}
