package org.caravanmta.port;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// The end of a listening channel's pipeline: Netty has paused by the time a failure to accept
/// comes here, and would write it with its stack trace, every second.
public final class Accepting extends ChannelInboundHandlerAdapter {
  private static final String NAME = "accepting";

  private final AcceptFailures failures;

  private Accepting(AcceptFailures failures) {
    this.failures = failures;
  }

  /// Sees to a listening channel, once for all connections that it accepts.
  ///
  /// @param port as lines in the log name it
  public static void at(Channel listening, String port) {
    if (listening.pipeline().get(NAME) != null) {
      return;
    }
    try {
      listening.pipeline().addLast(NAME, new Accepting(new AcceptFailures(port)));
    } catch (IllegalArgumentException e) {
      // another connection of the same moment has been faster
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    failures.add(why);
  }
}
