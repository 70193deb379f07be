package dev.mlops4j.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What runs within Redis, in one step each. */
enum Script {
  ADD(ScriptOutputType.INTEGER),
  SCAN(ScriptOutputType.MULTI),
  DISCARD(ScriptOutputType.INTEGER),
  ERASE(ScriptOutputType.INTEGER);

  private final ScriptOutputType output;

  Script(ScriptOutputType output) {
    this.output = output;
  }

  ScriptOutputType output() {
    return output;
  }

  /** The script's text. */
  String source() {
    String file =
        switch (this) {
          case ADD -> "add.lua";
          case SCAN -> "scan.lua";
          case DISCARD -> "discard.lua";
          case ERASE -> "erase.lua";
        };
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not in the jar of mlops-redis");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
