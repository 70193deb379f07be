package dev.mlops4j.feature;

/** Hands everything on, but for what a test overrides. */
abstract class ForwardingOnlineStore implements OnlineStore {

  private final OnlineStore store;

  ForwardingOnlineStore(OnlineStore store) {
    this.store = store;
  }

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> events) {
    return store.add(view, events);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    return store.scan(view, key, latest, visitor);
  }

  @Override
  public void discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    store.discard(view, key, firstKept, horizon);
  }

  @Override
  public int erase(FeatureView view, EntityKey key) {
    return store.erase(view, key);
  }

  @Override
  public void close() {
    store.close();
  }
}
