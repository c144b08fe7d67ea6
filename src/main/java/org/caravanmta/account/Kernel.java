package org.caravanmta.account;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The system calls of Linux that Java does not offer (`syscalls(2)`): those for the rights of one
/// thread, and for opening files with those rights. To Linux, rights belong to each thread; the
/// functions of the C library change them for all threads, so only its `syscall(2)` is used.
final class Kernel {
  /// Flags of `open(2)`: O_RDONLY.
  static final int READ = 0;

  /// O_WRONLY, O_CREAT and O_APPEND.
  static final int APPEND = 01 | 0100 | 02000;

  /// O_NONBLOCK, so that opening a pipe does not wait for its other end; O_NOCTTY, so that the file
  /// does not become our terminal; O_CLOEXEC, so that programs we start do not have it.
  private static final int ALWAYS = 04000 | 0400 | 02000000;

  /// AT_FDCWD of `openat(2)`: names are relative to the working directory.
  private static final long HERE = -100;

  /// Leaves an id as it is (`setresuid(2)`).
  private static final long SAME = -1;

  /// The numbers of the system calls on this machine.
  private record Numbers(
      long openat,
      long close,
      long getegid,
      long getgroups,
      long setgroups,
      long setresgid,
      long setresuid) {
    /// @throws IOException if they are not known
    static Numbers here() throws IOException {
      String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
      return switch (machine) {
        case "Linux amd64" -> new Numbers(257, 3, 108, 115, 116, 119, 117);
        case "Linux aarch64", "Linux riscv64" -> new Numbers(56, 57, 177, 158, 159, 149, 147);
        default -> throw new IOException("another user's rights cannot be taken on " + machine);
      };
    }
  }

  /// The function `syscall(2)` of the C library, found when it is first needed.
  private static final class Library {
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERROR = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final MethodHandle SYSCALL = syscall();

    @SuppressWarnings("restricted")
    private static MethodHandle syscall() {
      Linker linker = Linker.nativeLinker();
      var number = ValueLayout.JAVA_LONG;
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(number, number, number, number, number, number),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
    }
  }

  /// What a system call has returned.
  ///
  /// @param value -1 if it failed
  /// @param error its `errno(3)` then
  private record Answer(long value, int error) {
    boolean failed() {
      return value == -1;
    }
  }

  private final Numbers numbers;
  private final long group;
  private final int[] groups;
  // how many of the three steps of take have succeeded
  private int taken;

  /// Asks for the groups that the server is in.
  ///
  /// @throws IOException if the numbers of this machine's system calls are not known
  Kernel() throws IOException {
    this.numbers = Numbers.here();
    this.group = call(numbers.getegid, 0, 0, 0, 0).value();
    try (Arena arena = Arena.ofConfined()) {
      long count = done("getgroups", call(numbers.getgroups, 0, 0, 0, 0));
      MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, count);
      done("getgroups", call(numbers.getgroups, count, list.address(), 0, 0));
      this.groups = list.toArray(ValueLayout.JAVA_INT);
    }
  }

  /// Gives this thread the rights of one user and one group, and of nobody else. The real and saved
  /// ids stay root's, so that the thread can {@link #giveBack}.
  ///
  /// @param user its uid
  /// @param only the gid of the group
  /// @throws IOException if the system refuses; the thread may have some of the rights then
  void take(int user, int only) throws IOException {
    groups(new int[] {only});
    taken++;
    done("setresgid", call(numbers.setresgid, SAME, only, SAME, 0));
    taken++;
    done("setresuid", call(numbers.setresuid, SAME, user, SAME, 0));
    taken++;
  }

  /// Gives this thread the server's own rights again; undoes what {@link #take} has done, even in
  /// part.
  void giveBack() throws IOException {
    if (taken > 2) {
      done("setresuid", call(numbers.setresuid, SAME, 0, SAME, 0));
    }
    if (taken > 1) {
      done("setresgid", call(numbers.setresgid, SAME, group, SAME, 0));
    }
    if (taken > 0) {
      groups(groups);
    }
  }

  private void groups(int[] all) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocateFrom(ValueLayout.JAVA_INT, all);
      done("setgroups", call(numbers.setgroups, all.length, list.address(), 0, 0));
    }
  }

  /// Opens a file; a new file gets the mode 0600.
  ///
  /// @param how {@link #READ} or {@link #APPEND}
  /// @return the file descriptor
  /// @throws IOException says why the system refuses
  int open(Path file, int how) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      Answer answer = call(numbers.openat, HERE, name.address(), how | ALWAYS, 0600);
      if (answer.failed()) {
        throw refusal(file.toString(), answer.error());
      }
      return (int) answer.value();
    }
  }

  void close(int number) throws IOException {
    done("close", call(numbers.close, number, 0, 0, 0));
  }

  private static IOException refusal(String file, int error) {
    return switch (error) {
      case 2 -> new NoSuchFileException(file);
      case 6 -> new FileSystemException(file, null, "No such device, or nobody reads from it");
      case 13 -> new AccessDeniedException(file, null, "Permission denied");
      case 20 -> new FileSystemException(file, null, "Not a directory");
      case 21 -> new FileSystemException(file, null, "Is a directory");
      case 28 -> new FileSystemException(file, null, "No space left on device");
      case 30 -> new FileSystemException(file, null, "Read-only file system");
      case 40 -> new FileSystemException(file, null, "Too many levels of symbolic links");
      case 122 -> new FileSystemException(file, null, "Disk quota exceeded");
      default -> new FileSystemException(file, null, "cannot be opened: error " + error);
    };
  }

  private static long done(String what, Answer answer) throws IOException {
    if (answer.failed()) {
      throw new IOException(what + " is refused: error " + answer.error());
    }
    return answer.value();
  }

  private static Answer call(long number, long a, long b, long c, long d) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Library.STATE);
      long value = (long) Library.SYSCALL.invokeExact(state, number, a, b, c, d);
      return new Answer(value, (int) Library.ERROR.get(state, 0L));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
