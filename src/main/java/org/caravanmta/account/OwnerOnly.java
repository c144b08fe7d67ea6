package org.caravanmta.account;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files and directories for their owner alone (modes 0600 and 0700), whatever umask the server was
/// started with (`umask(2)`): the queues hold everybody's mail.
public final class OwnerOnly {
  /// Of a file that is made.
  public static final FileAttribute<Set<PosixFilePermission>> FILE = mode("rw-------");

  /// Of a directory that is made.
  public static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = mode("rwx------");

  /// Nothing for the group and others (`umask(2)`).
  private static final int UMASK = 0077;

  private OwnerOnly() {}

  /// Makes a directory where there is none, and those above it that are missing.
  public static Path directory(Path directory) throws IOException {
    return Files.createDirectories(directory, DIRECTORY);
  }

  /// Has whatever this process makes from here on be its owner's alone: what libraries make, and
  /// what the programs make that it starts (postfix `local(8)`, "the umask is 077").
  ///
  /// @throws IOException if the system cannot be told so
  @SuppressWarnings("restricted")
  public static void umask() throws IOException {
    var number = ValueLayout.JAVA_INT;
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle umask =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("umask"), FunctionDescriptor.of(number, number));
      int before = (int) umask.invokeExact(UMASK);
      assert before >= 0;
    } catch (RuntimeException | Error e) {
      throw new IOException("the umask cannot be set: " + e, e);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
