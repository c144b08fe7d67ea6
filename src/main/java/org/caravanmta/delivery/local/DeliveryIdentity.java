package org.caravanmta.delivery.local;

import java.io.IOException;
import java.util.Optional;
import org.caravanmta.account.Rights;
import org.caravanmta.account.SystemUser;
import org.caravanmta.alias.AliasTargets;

/// The user that a server running as root becomes for each {@link AliasTargets.Behalf}; never root
/// itself (postfix `local(8)`, "delivery rights"; RFC 5321 §4.4 leaves it to the system who owns a
/// mailbox).
///
/// @param root whether the server runs as root; if not, it is always itself
/// @param user the user for operators (postfix `default_privs`); when empty, nothing is done for
///   them
public record DeliveryIdentity(boolean root, String user) {
  /// The user is not known, or cannot be looked up now.
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

  /// A user of the machine who may own a mailbox; absent when the server does not run as root.
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
