package org.caravanmta.account;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The rights with which a server that runs as root opens and writes files for a user (postfix
/// `local(8)`, "delivery rights"). Links in the user's directories can make the server do nothing
/// that the user could not do as well.
///
/// The work runs in a thread of its own, which has the user's uid and gid, and of root's rights
/// only the way back. So no other thread ever has another user's rights, and the user cannot stop
/// or inspect this one. The thread must not start or wake other threads, which would get the same
/// rights. Therefore it holds no lock that others wait for, and its caller learns of its end only
/// when the rights are the server's again.
///
/// @param user whose rights they are; absent: the server's own
public record Rights(Optional<SystemUser> user) {
  /// The server's own rights.
  public static final Rights OURS = new Rights(Optional.empty());

  static {
    load(Kernel.class, Pinned.class);
  }

  /// Work that is done with the rights.
  @FunctionalInterface
  public interface Doing<T> {
    T run() throws IOException;
  }

  public static Rights of(SystemUser user) {
    return new Rights(Optional.of(user));
  }

  /// Whether these are another user's rights, and not the server's own.
  public boolean another() {
    return user.isPresent();
  }

  /// Loads classes with their nested classes, before they are needed in a thread whose rights may
  /// not be enough to read class files.
  public static void load(Class<?>... classes) {
    for (Class<?> each : classes) {
      var _ = each.getNestMembers();
    }
  }

  /// Does some work with the rights, and waits for its end.
  ///
  /// @throws IOException if the work throws it, or if the rights cannot be taken: then nothing is
  ///   done
  public <T> T with(Doing<T> doing) throws IOException {
    if (user.isEmpty()) {
      return doing.run();
    }
    SystemUser other = user.get();
    var kernel = new Kernel();
    var task = new FutureTask<T>(() -> as(other, kernel, doing));
    Thread.ofPlatform()
        .name("as " + other.name())
        .daemon()
        .inheritInheritableThreadLocals(false)
        .start(task);
    return end(task);
  }

  private static <T> T as(SystemUser other, Kernel kernel, Doing<T> doing) throws IOException {
    try {
      kernel.take(other.user(), other.group());
      return doing.run();
    } finally {
      try {
        kernel.giveBack();
      } catch (IOException e) {
        // the thread wakes its caller next, and must not do so with another user's rights
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /// Waits for the end of the work even when interrupted, so that nothing is left half done.
  private static <T> T end(FutureTask<T> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
