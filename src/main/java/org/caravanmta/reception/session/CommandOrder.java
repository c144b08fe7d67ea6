package org.caravanmta.reception.session;

import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The order of commands (RFC 5321 §4.1.4): which may not come now, whatever their arguments.
///
/// @param protection what may not come without TLS, or from nobody in particular
/// @param quota what the client may still have: MAIL, RCPT and VRFY are counted when they may come
/// @param leaving whether no new transaction may begin
/// @param heloRequired whether none may begin before HELO or EHLO
/// @param discarded what this client is not offered
record CommandOrder(
    Protection protection,
    Replies replies,
    Quota quota,
    boolean leaving,
    boolean heloRequired,
    Set<Extension> discarded) {
  /// Why not; null when it may come.
  ///
  /// @param chunked whether BDAT has begun the message (RFC 3030 §2)
  @Nullable Reply refusal(
      Verb verb, Client client, @Nullable MailTransaction transaction, boolean chunked) {
    if (verb == Verb.STARTTLS && discarded.contains(Extension.STARTTLS)) {
      return SecurityReplies.NOT_IMPLEMENTED;
    }
    if (verb == Verb.AUTH && discarded.contains(Extension.AUTH)) {
      return SecurityReplies.NO_LOGINS;
    }
    Reply unprotected = protection.refusal(verb, client, transaction != null);
    if (unprotected != null) {
      return unprotected;
    }
    return switch (verb) {
      case MAIL -> {
        if (chunked) {
          yield Replies.afterBdat(verb);
        }
        if (transaction != null) {
          yield Replies.NESTED_MAIL;
        }
        if (heloRequired && client.helo().isEmpty()) {
          yield Replies.HELLO_FIRST;
        }
        yield leaving ? replies.goodbye() : quota.mail(client).orElse(null);
      }
      case RCPT -> {
        if (chunked) {
          yield Replies.afterBdat(verb);
        }
        yield transaction == null ? Replies.NEED_MAIL : quota.recipient(client).orElse(null);
      }
      case DATA -> {
        if (chunked) {
          yield Replies.afterBdat(verb);
        }
        Reply missing = missing(transaction);
        yield missing == null && transaction != null && transaction.parameters().binary()
            ? Replies.BINARY_NEEDS_BDAT
            : missing;
      }
      case VRFY -> quota.recipient(client).orElse(null);
      case XCLIENT, XFORWARD -> transaction == null ? null : Replies.MAIL_IN_PROGRESS;
      case ETRN -> transaction == null ? null : Replies.MAIL_IN_PROGRESS;
      // its argument says how many bytes follow, which have to be read whatever the reply
      case BDAT -> null;
      case HELO, EHLO, RSET, NOOP, HELP, QUIT, STARTTLS, AUTH, EXPN, UNKNOWN -> null;
    };
  }

  /// What a message lacks before its content may come; null when it lacks nothing.
  static @Nullable Reply missing(@Nullable MailTransaction transaction) {
    if (transaction == null) {
      return Replies.NEED_RCPT;
    }
    return transaction.count() == 0 ? Replies.NO_RECIPIENTS : null;
  }
}
