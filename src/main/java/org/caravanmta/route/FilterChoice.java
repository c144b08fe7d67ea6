package org.caravanmta.route;

import java.util.Optional;
import java.util.function.Consumer;
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
  /// @param expected throws an `IllegalArgumentException` that says why mail would wait forever
  /// @throws IllegalArgumentException says what is wrong with it
  static Optional<FilterChoice> named(String name, Consumer<String> expected) {
    if (!name.startsWith(WORD)) {
      return Optional.empty();
    }
    String text = name.substring(WORD.length()).strip();
    String written = Queues.isFilter(text) ? text + ":" : text;
    NamedTransport filter;
    try {
      filter = NamedTransport.filter(written);
    } catch (IllegalArgumentException e) {
      throw wrong(
          name, "expected filter.NAME or transport:nexthop such as smtp:[127.0.0.1]:10025", e);
    }
    try {
      expected.accept(written);
    } catch (IllegalArgumentException e) {
      throw wrong(name, String.valueOf(e.getMessage()), e);
    }
    return Optional.of(new FilterChoice(filter));
  }

  private static IllegalArgumentException wrong(
      String name, String why, IllegalArgumentException e) {
    var wrong = new IllegalArgumentException("\"" + name + "\": " + why);
    // no cause: what is said of it would be all that the operator sees
    wrong.addSuppressed(e);
    return wrong;
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
