package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The order of commands (RFC 5321 §4.1.4): which of them may come now, whatever their arguments.
///
/// @param protection which commands need TLS or a login
/// @param quota how much the client may still send: MAIL, RCPT and VRFY are counted here, when
///   nothing else is against them
record CommandOrder(Dialogue dialogue, Protection protection, Quota quota) {
  /// Why a command may not come now; absent when it may.
  ///
  /// @param chunked whether a message has begun with BDAT (RFC 3030 §2)
  Optional<Reply> refusal(Verb verb, boolean chunked) {
    SessionState state = dialogue.state();
    if (state.denied() && verb != Verb.QUIT) {
      return Optional.of(Replies.accessDenied(state.client()));
    }
    Optional<Reply> standing = dialogue.filters().standing();
    if (standing.isPresent() && asksForSomething(verb)) {
      return standing;
    }
    Optional<Reply> unserved = unserved(verb, state);
    if (unserved.isPresent()) {
      return unserved;
    }
    Optional<Reply> unprotected = protection.refusal(verb, state.client(), state.inTransaction());
    return unprotected.isPresent() ? unprotected : outOfTurn(verb, state, chunked);
  }

  private static boolean asksForSomething(Verb verb) {
    return switch (verb) {
      case HELO, EHLO, RSET, NOOP, QUIT, XCLIENT, XFORWARD -> false;
      case STARTTLS, AUTH, MAIL, RCPT, DATA, BDAT, VRFY, EXPN, ETRN, HELP, UNKNOWN -> true;
    };
  }

  /// Why a command is not served to this client: it belongs to an extension that the operator has
  /// discarded.
  private static Optional<Reply> unserved(Verb verb, SessionState state) {
    return switch (verb) {
      case BDAT -> when(state.lacks(Extension.CHUNKING), SecurityReplies.NOT_IMPLEMENTED);
      case STARTTLS -> when(state.lacks(Extension.STARTTLS), SecurityReplies.NOT_IMPLEMENTED);
      case AUTH -> when(state.lacks(Extension.AUTH), SecurityReplies.NO_LOGINS);
      default -> Optional.empty();
    };
  }

  private Optional<Reply> outOfTurn(Verb verb, SessionState state, boolean chunked) {
    return switch (verb) {
      case MAIL -> chunked ? Optional.of(Replies.afterBdat(verb)) : mail(state);
      case RCPT -> {
        if (chunked) {
          yield Optional.of(Replies.afterBdat(verb));
        }
        yield state.inTransaction()
            ? quota.recipient(state.client())
            : Optional.of(Replies.NEED_MAIL);
      }
      case DATA -> chunked ? Optional.of(Replies.afterBdat(verb)) : data(state);
      case VRFY -> quota.recipient(state.client());
      case XCLIENT, XFORWARD, ETRN -> when(state.inTransaction(), Replies.MAIL_IN_PROGRESS);
      // refused later: its argument says how many bytes follow, which must be read in any case
      case BDAT -> Optional.empty();
      case HELO, EHLO, RSET, NOOP, HELP, QUIT, STARTTLS, AUTH, EXPN, UNKNOWN -> Optional.empty();
    };
  }

  private Optional<Reply> mail(SessionState state) {
    if (state.inTransaction()) {
      return Optional.of(Replies.NESTED_MAIL);
    }
    if (dialogue.settings().smtp().conduct().heloRequired() && state.client().helo().isEmpty()) {
      return Optional.of(Replies.HELLO_FIRST);
    }
    return dialogue.writer().leaving()
        ? Optional.of(dialogue.replies().goodbye())
        : quota.mail(state.client());
  }

  private static Optional<Reply> data(SessionState state) {
    Optional<Reply> missing = missing(state.transaction());
    return missing.isPresent()
        ? missing
        : when(state.underWay().parameters().binary(), Replies.BINARY_NEEDS_BDAT);
  }

  /// What a message lacks before its content may come; absent when it lacks nothing.
  static Optional<Reply> missing(Optional<MailTransaction> transaction) {
    return transaction.isEmpty()
        ? Optional.of(Replies.NEED_RCPT)
        : when(transaction.get().recipientCount() == 0, Replies.NO_RECIPIENTS);
  }

  private static Optional<Reply> when(boolean wrong, Reply reply) {
    return wrong ? Optional.of(reply) : Optional.empty();
  }
}
