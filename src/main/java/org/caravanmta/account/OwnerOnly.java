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

/// Makes files and directories for their owner alone (modes 0600 and 0700), whatever umask the
/// server was started with (`umask(2)`): everybody's mail is in the queues.
public final class OwnerOnly {
  /// The mode of a new file, 0600.
  public static final FileAttribute<Set<PosixFilePermission>> FILE = mode("rw-------");

  /// The mode of a new directory, 0700.
  public static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = mode("rwx------");

  /// No rights for the group and others.
  private static final int UMASK = 0077;

  private OwnerOnly() {}

  /// Makes a directory, and those above it, if they are not there.
  public static Path directory(Path directory) throws IOException {
    return Files.createDirectories(directory, DIRECTORY);
  }

  /// Sets the umask of this process to 077: from now on, files are their owner's alone, also those
  /// that libraries make and the programs that this process starts (postfix `local(8)`, "the umask
  /// is 077").
  ///
  /// @throws IOException if the umask cannot be set
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
