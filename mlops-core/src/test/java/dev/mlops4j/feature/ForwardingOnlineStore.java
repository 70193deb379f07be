package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.util.function.Consumer;

/** Hands everything on, but for what a test overrides. */
abstract class ForwardingOnlineStore implements OnlineStore {

  OnlineStore store;

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
  public void bringUp(
      FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
    store.bringUp(view, key, events, horizon);
  }

  @Override
  public boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    return store.discard(view, key, firstKept, horizon);
  }

  @Override
  public int erase(String view, Digest version, EntityKey key) {
    return store.erase(view, version, key);
  }

  @Override
  public void visitKeys(FeatureView view, Consumer<EntityKey> keys) {
    store.visitKeys(view, keys);
  }

  @Override
  public void close() {
    store.close();
  }
}
