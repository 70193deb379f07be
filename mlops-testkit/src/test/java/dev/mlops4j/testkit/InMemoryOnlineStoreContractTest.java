package dev.mlops4j.testkit;

import dev.mlops4j.feature.InMemoryOnlineStore;
import dev.mlops4j.feature.OnlineStore;

class InMemoryOnlineStoreContractTest extends OnlineStoreContract {

  @Override
  protected OnlineStore open() {
    return new InMemoryOnlineStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
