package org.caravanmta.account;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// With whose rights files are opened and written when a server that runs as root does so for a
/// user (postfix `local(8)`, "delivery rights"): he can get nothing done by it that he could not do
/// himself, whatever links he puts where. RFC 5321 §4.4 leaves it to the system whose a mailbox is.
///
/// What is done runs in a thread of its own, of which the kernel keeps the user's number, his group
/// and nothing of root's but the way back; so no other thread is ever somebody else, and the user
/// cannot stop or look into this one. It may not start threads or wake them: a new one would have
/// the same rights. Hence no lock is held in it that others wait for, and the one who waits for its
/// end is told when the rights are the server's again.
///
/// @param user absent: the server's own
public record Rights(Optional<SystemUser> user) {
  public static final Rights OURS = new Rights(Optional.empty());

  static {
    load(Kernel.class, Pinned.class);
  }

  /// What is done with them.
  @FunctionalInterface
  public interface Doing<T> {
    T run() throws IOException;
  }

  public static Rights of(SystemUser user) {
    return new Rights(Optional.of(user));
  }

  /// Whether they are another user's, and not the server's own.
  public boolean another() {
    return user.isPresent();
  }

  /// Loads classes with all that is in them, before the first of them is needed with rights that
  /// may not extend to where classes are.
  public static void load(Class<?>... classes) {
    for (Class<?> each : classes) {
      var _ = each.getNestMembers();
    }
  }

  /// Does it, and waits for its end.
  ///
  /// @throws IOException also if the rights cannot be had; then nothing is done
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
        // the thread wakes others next, and must not do so as somebody else
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /// Never leaves before it: what is half done would stay so.
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
