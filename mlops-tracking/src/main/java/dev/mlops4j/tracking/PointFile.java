package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The points of a run's metrics as bytes: of each, the step, the time in microseconds since the
 * epoch and the bits of the value, eight bytes each, the highest first. The same points always give
 * the same bytes.
 */
final class PointFile {

  static final int POINT_BYTES = 3 * Long.BYTES;
  private static final int BATCH = 8_192;

  private PointFile() {}

  static void write(List<MetricPoint> points, OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
    for (MetricPoint point : points) {
      out.writeLong(point.step());
      out.writeLong(Timestamps.toMicros(point.time()));
      // There is one NaN then, and one zero, whichever a database gave back.
      out.writeLong(Double.doubleToLongBits(point.value() + 0.0));
    }
    out.flush();
  }

  /** Whether the bytes are those that {@link #write} gives: in the order of the series, one NaN. */
  static boolean isAsWritten(SortedMap<String, Long> series, InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(from));
    for (long count : series.values()) {
      long lastStep = Long.MIN_VALUE;
      long lastTime = Long.MIN_VALUE;
      for (long i = 0; i < count; i++) {
        long step = in.readLong();
        long time = in.readLong();
        long bits = in.readLong();
        boolean isLater = step > lastStep || (step == lastStep && time >= lastTime);
        if (!isLater || bits != Double.doubleToLongBits(Double.longBitsToDouble(bits) + 0.0)) {
          return false;
        }
        lastStep = step;
        lastTime = time;
      }
    }
    return true;
  }

  static <E extends Exception> void read(
      SortedMap<String, Long> series, InputStream from, EndedRun.PointReader<E> to)
      throws IOException, E {
    DataInputStream in = new DataInputStream(new BufferedInputStream(from));
    for (Map.Entry<String, Long> one : series.entrySet()) {
      for (long left = one.getValue(); left > 0; left -= BATCH) {
        List<MetricPoint> batch = new ArrayList<>();
        for (long i = Math.min(left, BATCH); i > 0; i--) {
          batch.add(
              new MetricPoint(
                  one.getKey(),
                  in.readLong(),
                  Timestamps.fromMicros(in.readLong()),
                  Double.longBitsToDouble(in.readLong())));
        }
        to.take(batch);
      }
    }
  }
}
