package dev.mlops4j.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.storage.SchemaTooNewException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file that says that a directory is a workspace. It is the first thing in the directory, and
 * appears whole; whatever else a workspace consists of is made when it is used.
 *
 * @param id the workspace's own name
 */
record Marker(String id) {

  static final String FILE_NAME = "mlops4j.json";

  private static final String TEMPORARY_PREFIX = ".mlops4j-";
  private static final String FORMAT = "mlops4j-workspace";
  private static final int VERSION = 1;

  /** What an empty directory may hold: a file system's own directory at its root. */
  private static final Set<String> IGNORED = Set.of("lost+found");

  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of(
          "nfs",
          "nfs3",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afpfs",
          "afs",
          "ceph",
          "lustre",
          "webdav",
          "davfs",
          "fuse.sshfs",
          "fuse.davfs",
          "fuse.glusterfs",
          "fuse.s3fs",
          "fuse.gcsfuse",
          "fuse.rclone",
          "glusterfs",
          "ncpfs");

  /** The marker of this directory, made if the directory is empty or not there. */
  static Marker find(Path directory) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new NotAWorkspaceException(
          directory, directory + " is a file; a workspace is a directory");
    }
    try {
      DurableFiles.createDirectories(directory);
      checkLocal(directory, Files.getFileStore(directory).type());
      checkWritable(directory);
      Path file = directory.resolve(FILE_NAME);
      if (!Files.exists(file)) {
        checkEmpty(directory, file);
        create(directory);
      }
      return read(directory, file);
    } catch (IOException e) {
      throw FileErrors.cannotWrite(directory, e);
    }
  }

  static void checkLocal(Path directory, String fileSystem) {
    if (NETWORK_FILE_SYSTEMS.contains(fileSystem)) {
      throw new NotAWorkspaceException(
          directory,
          directory
              + " is on a network file system ("
              + fileSystem
              + "), where SQLite's locks do not hold; put the workspace on a local disk");
    }
  }

  private static void checkWritable(Path directory) {
    if (!Files.isWritable(directory)) {
      throw new StorageReadOnlyException(
          "cannot open the workspace "
              + directory
              + ": this process may not write the directory. Nothing was changed; let it write",
          null);
    }
  }

  private static void checkEmpty(Path directory, Path file) throws IOException {
    String stranger = stranger(directory);
    // Another process may have made the workspace since the marker was looked for.
    if (stranger != null && !Files.exists(file)) {
      throw new NotAWorkspaceException(
          directory,
          directory
              + " is not a workspace: it has no "
              + FILE_NAME
              + ", but other things in it, as \""
              + stranger
              + "\". Nothing was changed; name an empty directory, or one that does not exist yet");
    }
  }

  /** Something in a directory that should be empty, if there is anything. */
  static @Nullable String stranger(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!name.startsWith(TEMPORARY_PREFIX) && !IGNORED.contains(name)) {
          return name;
        }
      }
    }
    return null;
  }

  /** Makes a directory a workspace, whatever is in it. */
  static void create(Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    Path temporary = directory.resolve(TEMPORARY_PREFIX + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = DurableFiles.create(temporary)) {
        out.write(json(UUID.randomUUID().toString()));
        DurableFiles.force(out);
      }
      publish(temporary, file);
      DurableFiles.forceDirectory(directory);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The first of several processes wins: a link, unlike a renaming, never replaces a file. */
  private static void publish(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; its marker is the one that counts.
      return;
    } catch (UnsupportedOperationException | FileSystemException e) {
      if (!Files.exists(file)) {
        DurableFiles.publish(temporary, file);
      }
    }
  }

  private static byte[] json(String id) {
    String text =
        "{\"format\":\""
            + FORMAT
            + "\",\"version\":"
            + VERSION
            + ",\"oldestReader\":"
            + VERSION
            + ",\"id\":\""
            + id
            + "\"}\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Marker read(Path directory, Path file) {
    JsonNode json = parse(directory, file);
    String id = json.path("id").asText();
    int version = json.path("version").asInt();
    if (!FORMAT.equals(json.path("format").asText()) || id.isEmpty() || version < 1) {
      throw notOurs(directory, file);
    }
    int oldestReader = json.path("oldestReader").asInt(version);
    if (oldestReader > VERSION) {
      throw new SchemaTooNewException(
          directory.toString(), "a workspace", version, VERSION, oldestReader);
    }
    return new Marker(id);
  }

  private static JsonNode parse(Path directory, Path file) {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(file));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw notOurs(directory, file);
    } catch (IOException e) {
      throw FileErrors.cannotRead(file, e);
    }
  }

  private static NotAWorkspaceException notOurs(Path directory, Path file) {
    return new NotAWorkspaceException(
        directory,
        directory
            + " is not a workspace: "
            + file.getFileName()
            + " in it was not written by mlops4j. Nothing was changed; name another directory");
  }
}
