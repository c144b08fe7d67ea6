package org.caravanmta.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ignores SIGHUP (`signal(7)`): it tells other servers to read their settings again, and a
/// terminal sends it when it is closed; neither should end this server.
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /// Handles the signal with `sun.misc.Signal`, called by reflection: Java has no other way, and
  /// the compiler warns of that name.
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
      // -Xrs leaves signals to the system, or the system has no SIGHUP
      LOG.warn("SIGHUP ends this process: {}", String.valueOf(e.getCause()));
    }
  }

  private static void say() {
    LOG.info(
        "SIGHUP is ignored: tables, passwords and certificates are read again when they change,"
            + " settings and routes at a restart");
  }
}
