package org.caravanmta.delivery.local;

import java.io.IOException;
import java.util.Optional;
import org.caravanmta.account.Rights;
import org.caravanmta.account.SystemUser;
import org.caravanmta.alias.AliasTargets;

/// The choice of the user with whose rights a server that runs as root delivers; never root itself
/// (postfix `local(8)`, "delivery rights"; RFC 5321 §4.4 leaves it to the system who owns a
/// mailbox).
///
/// @param root whether the server runs as root; if not, it delivers with its own rights
/// @param user the user for what the operator has set up (postfix `default_privs`); empty for none,
///   and then that mail waits
public record DeliveryIdentity(boolean root, String user) {
  /// The user does not exist, or cannot be looked up now.
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

  /// The user with whose rights to deliver; absent when the server does not run as root.
  ///
  /// @param name the user whom the mail is for
  /// @throws Unavailable when there is no such user, or none that is not root, or it cannot be
  ///   found out now
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

  /// A user of the machine who may own a mailbox; absent when there is no such user, it is root, or
  /// the server does not run as root.
  Optional<SystemUser> named(String name) throws IOException {
    return root ? SystemUser.named(name).filter(one -> !one.superuser()) : Optional.empty();
  }

  /// The rights of a user; our own for none.
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
