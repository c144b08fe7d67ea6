package org.caravanmta.filter.milter;

import java.io.IOException;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterSocket;
import org.jspecify.annotations.Nullable;

/// The way to a milter: a connection, while there is one, on which nothing takes longer than it
/// may. For one thread at a time.
final class MilterLink {
  private final FilterAddress address;
  private final FilterPatience patience;
  private @Nullable FilterSocket socket;
  private @Nullable MilterConnection connection;

  MilterLink(FilterAddress address, FilterPatience patience) {
    this.address = address;
    this.patience = patience;
  }

  /// The connection; null if there is none.
  @Nullable MilterConnection connection() {
    return connection;
  }

  /// Connects, and agrees with the milter on what it is told.
  void open() throws IOException {
    FilterSocket made = FilterSocket.connect(address, patience.connect());
    socket = made;
    connection =
        made.within(patience.connect(), () -> MilterConnection.agree(made, made.in(), made.out()));
  }

  /// Does something within the time that there is for an event.
  <T> T within(MilterEvent event, FilterSocket.Work<T> work) throws IOException {
    FilterSocket open = socket;
    if (open == null) {
      throw new IOException(address + ": not connected");
    }
    return open.within(isContent(event) ? patience.content() : patience.command(), work);
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
