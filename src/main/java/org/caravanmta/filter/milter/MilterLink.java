package org.caravanmta.filter.milter;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterSocket;
import org.jspecify.annotations.Nullable;

/// The way to a milter: a connection, while there is one, on which nothing takes longer than it
/// may. For one thread at a time.
final class MilterLink {
  /// How many times the time for an event a milter that says that it takes longer is waited for.
  /// With the times of Postfix, that is as long as a client waits, or longer (RFC 5321 §4.5.3.2).
  private static final int MOST_TIMES = 10;

  private final FilterAddress address;
  private final FilterPatience patience;
  private final LongSupplier ticks;
  private @Nullable FilterSocket socket;
  private @Nullable MilterConnection connection;

  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  MilterLink(FilterAddress address, FilterPatience patience, LongSupplier ticks) {
    this.address = address;
    this.patience = patience;
    this.ticks = ticks;
  }

  boolean isOpen() {
    return connection != null;
  }

  /// Whether the milter has agreed to that.
  boolean has(Waiver waiver) {
    MilterConnection open = connection;
    return open != null && open.agreement().has(waiver);
  }

  /// Whether the milter wants to be told of an event; one that has not been asked wants them all.
  boolean wants(MilterEvent event) {
    MilterConnection open = connection;
    return open == null || open.agreement().wants(event);
  }

  /// Connects, and agrees with the milter on what it is told. A connection that there is ends.
  void open() throws IOException {
    cut();
    FilterSocket made = FilterSocket.connect(address, patience.connect());
    socket = made;
    connection =
        made.within(patience.connect(), () -> MilterConnection.agree(made, made.in(), made.out()));
  }

  /// Tells the milter something.
  interface Telling {
    /// @return whether the milter answers it
    boolean to(MilterConnection open) throws IOException;
  }

  /// Tells the milter of an event, and waits for its answer, if the milter answers it. Each packet
  /// may take the time that there is for the event, as in Postfix: a milter that says that it takes
  /// longer is waited for, but not for ever.
  ///
  /// @param changes gets the changes that it asks for, in their order
  /// @return not a change, nor that it takes longer
  MilterAnswer exchange(MilterEvent event, Telling telling, MilterConnection.ChangeTaker changes)
      throws IOException {
    MilterConnection open = connection;
    FilterSocket over = socket;
    if (open == null || over == null) {
      throw new IOException(address + ": not connected");
    }
    Duration time = time(event);
    long start = ticks.getAsLong();
    Optional<MilterAnswer> answer =
        over.within(
            time,
            () ->
                telling.to(open)
                    ? open.answer(event, changes)
                    : Optional.of(new MilterAnswer.Continue()));
    while (answer.isEmpty()) {
      Duration most = time.multipliedBy(MOST_TIMES);
      if (Duration.ofNanos(ticks.getAsLong() - start).compareTo(most) > 0) {
        throw new IOException(
            address + ": still at work, and no answer after " + most.toMillis() + " ms");
      }
      answer = over.within(time, () -> open.answer(event, changes));
    }
    return answer.get();
  }

  /// What is not answered.
  interface Saying {
    void to(MilterConnection open) throws IOException;
  }

  /// Tells the milter what it does not answer.
  void send(Saying saying) throws IOException {
    MilterConnection open = connection;
    FilterSocket over = socket;
    if (open == null || over == null) {
      throw new IOException(address + ": not connected");
    }
    over.within(
        patience.command(),
        () -> {
          saying.to(open);
          return open;
        });
  }

  private Duration time(MilterEvent event) {
    return isContent(event) ? patience.content() : patience.command();
  }

  /// Whether it is about the content of a message.
  static boolean isContent(MilterEvent event) {
    return switch (event) {
      case HEADER, END_OF_HEADERS, BODY, END_OF_MESSAGE -> true;
      case CONNECT, HELO, MAIL, RCPT, DATA, UNKNOWN -> false;
    };
  }

  /// Ends the connection, if there is one.
  void cut() {
    FilterSocket open = socket;
    socket = null;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // it was not to be used any more
      }
    }
  }
}
