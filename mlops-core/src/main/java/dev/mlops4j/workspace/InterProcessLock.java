package dev.mlops4j.workspace;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** Held by one thread of all processes of a host at a time. An interrupt is kept for later. */
final class InterProcessLock implements AutoCloseable {

  /**
   * The lock of a file is its process's on POSIX: whichever thread closes the file gives it up. So
   * the threads of this process take turns before they open it.
   */
  private static final ConcurrentMap<Path, ReentrantLock> OWN_THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock ownThreads;
  private final FileLock lock;

  private InterProcessLock(ReentrantLock ownThreads, FileLock lock) {
    this.ownThreads = ownThreads;
    // Held, as one that nobody refers to is forgotten by the JVM.
    this.lock = lock;
  }

  /**
   * Waits until nobody else holds the lock of this file, which is made if it is not there.
   *
   * @param file in a real path, as another name of it would be another lock
   */
  static InterProcessLock take(Path file) throws IOException {
    ReentrantLock ownThreads = OWN_THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    ownThreads.lock();
    boolean taken = false;
    try {
      InterProcessLock lock = new InterProcessLock(ownThreads, lock(file));
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        ownThreads.unlock();
      }
    }
  }

  private static FileLock lock(Path file) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
          FileLock lock = channel.lock();
          locked = true;
          return lock;
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
          interrupted = true;
        } finally {
          if (!locked) {
            channel.close();
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      lock.acquiredBy().close();
    } finally {
      ownThreads.unlock();
    }
  }
}
