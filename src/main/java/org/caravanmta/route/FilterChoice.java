package org.caravanmta.route;

import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;

/// The choice of a content filter after the queue as a step of a route, `through filter.scan`: the
/// message, when it has been accepted, goes to that one (postfix `access(5)`, FILTER). Under a
/// condition of the route, it is for some mail only.
///
/// @param filter the queue of a filter, or a transport
public record FilterChoice(NamedTransport filter) {
  private static final String WORD = "through ";

  /// The step that a bean's name stands for; empty if it is the name of something else.
  ///
  /// @throws IllegalArgumentException says what is wrong with it
  static Optional<FilterChoice> named(String name) {
    if (!name.startsWith(WORD)) {
      return Optional.empty();
    }
    String text = name.substring(WORD.length()).strip();
    try {
      return Optional.of(
          new FilterChoice(NamedTransport.filter(Queues.isFilter(text) ? text + ":" : text)));
    } catch (IllegalArgumentException e) {
      // no cause: what is said of it would be all that the operator sees
      var wrong =
          new IllegalArgumentException(
              "\""
                  + name
                  + "\": expected filter.NAME or transport:nexthop such as smtp:[127.0.0.1]:10025");
      wrong.addSuppressed(e);
      throw wrong;
    }
  }

  /// The message with the filter in its envelope, unless it has been redirected. A table that is
  /// asked later may choose another.
  public Case check(Case c) {
    return c.ifMessage(this::chosen);
  }

  private Case chosen(Case.Message message) {
    Mail mail = message.mail();
    return message.restrictionState().redirected()
        ? message
        : message.with(mail.with(mail.envelope().through(Optional.of(filter))));
  }
}
