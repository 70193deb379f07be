package dev.mlops4j.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands before a server and breaks connections off, in the middle of what is sent or answered. */
final class FaultyProxy implements AutoCloseable {

  private final ServerSocket listening;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  final AtomicInteger broken = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private volatile Fault request = Fault.NONE;
  private volatile Fault response = Fault.NONE;

  FaultyProxy(int port) {
    this.port = port;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread accepting = new Thread(this::accept, "faulty-proxy");
    accepting.setDaemon(true);
    accepting.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** Breaks off the next connections that were sent more than so many bytes by the client. */
  void breakRequests(int times, long afterBytes) {
    breakRequests(times, afterBytes, 0);
  }

  /** The same, but only after so many bytes were sent on all connections together. */
  void breakRequests(int times, long afterBytes, long afterTotal) {
    request = new Fault(new AtomicInteger(times), afterBytes, sent.get() + afterTotal);
  }

  /** Breaks off the next connections on which the server answered more than so many bytes. */
  void breakResponses(int times, long afterBytes) {
    response = new Fault(new AtomicInteger(times), afterBytes, 0);
  }

  /** What clients have sent so far, but for the long parts of it. */
  String requests() {
    return String.join("", requests);
  }

  void heal() {
    request = Fault.NONE;
    response = Fault.NONE;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(client);
        open.add(server);
        pump(client, server, true);
        pump(server, client, false);
      } catch (IOException e) {
        // It is closed, or a client has gone before it was served.
      }
    }
  }

  private void pump(Socket from, Socket to, boolean requests) {
    Thread pumping =
        new Thread(
            () -> {
              try (from;
                  to) {
                copy(from.getInputStream(), to.getOutputStream(), requests);
              } catch (IOException e) {
                // Either side has gone.
              } finally {
                open.remove(from);
                open.remove(to);
              }
            },
            "faulty-proxy-pump");
    pumping.setDaemon(true);
    pumping.start();
  }

  private void copy(InputStream in, OutputStream out, boolean requests) throws IOException {
    byte[] buffer = new byte[8192];
    long passed = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      Fault fault = requests ? request : response;
      passed += n;
      long total = requests ? sent.addAndGet(n) : Long.MAX_VALUE;
      if (passed > fault.afterBytes
          && total > fault.afterTotal
          && fault.times.getAndDecrement() > 0) {
        broken.incrementAndGet();
        return;
      }
      if (requests && n < buffer.length) {
        this.requests.add(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  private record Fault(AtomicInteger times, long afterBytes, long afterTotal) {
    static final Fault NONE = new Fault(new AtomicInteger(), Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
