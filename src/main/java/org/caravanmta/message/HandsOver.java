package org.caravanmta.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says which queues may get something of what a route step returns, see {@link Handover#tasks}.
/// Each of them needs a step of its own later in the route; without it, mail would be set aside in
/// `dead`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface HandsOver {
  /// `routing`, or a family such as `deferred.*`.
  String[] value();
}
