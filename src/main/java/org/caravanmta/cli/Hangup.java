package org.caravanmta.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGHUP, by which other servers are told to read their settings again, and which a terminal sends
/// when it goes: neither ends this one.
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /// Java has no other way to a signal than `sun.misc.Signal`, which its compiler warns of by name.
  static void ignore() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler word =
          (self, method, args) ->
              switch (method.getName()) {
                case "handle" -> {
                  say();
                  yield null;
                }
                case "equals" -> args.length == 1 && self == args[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> "ignored";
              };
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("HUP"),
              Proxy.newProxyInstance(
                  Hangup.class.getClassLoader(), new Class<?>[] {handler}, word));
    } catch (ReflectiveOperationException e) {
      // -Xrs leaves signals to the system, or there is none of that name
      LOG.warn("SIGHUP ends this process: {}", String.valueOf(e.getCause()));
    }
  }

  private static void say() {
    LOG.info(
        "SIGHUP is ignored: tables, passwords and certificates are read again when they change,"
            + " settings and routes at a restart");
  }
}
