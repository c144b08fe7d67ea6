package org.caravanmta.delivery.local;

import java.io.IOException;
import java.util.Optional;
import org.caravanmta.account.Rights;
import org.caravanmta.account.SystemUser;
import org.caravanmta.alias.AliasTargets;

/// Who the server is for each {@link AliasTargets.Behalf}, when it runs as root: never root himself
/// (postfix `local(8)`, "delivery rights"; RFC 5321 §4.4 leaves it to the system whose a mailbox
/// is).
///
/// @param root whether the server runs as root; if not, it is always itself
/// @param user who it is for operators (postfix `default_privs`); empty: then it does nothing
public record DeliveryIdentity(boolean root, String user) {
  /// It is not known, or cannot be told, who.
  static final class Unavailable extends IOException {
    private static final long serialVersionUID = 1L;
    private final String status;

    Unavailable(String status, String why) {
      super(why);
      this.status = status;
    }

    String status() {
      return status;
    }
  }

  /// Absent when the server does not run as root.
  ///
  /// @param name the user whom mail is for
  Optional<SystemUser> of(AliasTargets.Behalf behalf, String name) throws Unavailable {
    if (!root) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          switch (behalf) {
            case AliasTargets.Operators() -> operators();
            case AliasTargets.Users() -> {
              Optional<SystemUser> own = named(name);
              yield own.isPresent() ? own.get() : operators();
            }
            case AliasTargets.Holders(int number) ->
                SystemUser.numbered(number)
                    .orElseThrow(
                        () -> new Unavailable("4.3.5", "no user has the number " + number));
          });
    } catch (Unavailable e) {
      throw e;
    } catch (IOException e) {
      throw new Unavailable("4.3.0", String.valueOf(e.getMessage()));
    }
  }

  /// A user of the machine's who may have a mailbox of his own; absent when the server does not run
  /// as root.
  Optional<SystemUser> named(String name) throws IOException {
    return root ? SystemUser.named(name).filter(one -> !one.superuser()) : Optional.empty();
  }

  static Rights rights(Optional<SystemUser> user) {
    return user.map(Rights::of).orElse(Rights.OURS);
  }

  private SystemUser operators() throws IOException {
    if (user.isEmpty()) {
      throw new Unavailable("4.3.5", "not done as root: local.command-user is not set");
    }
    return named(user)
        .orElseThrow(
            () -> new Unavailable("4.3.5", "local.command-user: there is no user " + user));
  }
}
