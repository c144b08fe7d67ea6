package org.caravanmta.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says of a route step which queues what it returns may be for, as {@link Handover#tasks} is asked
/// for them: each needs a step of its own after it in the route, or mail would be set aside as
/// dead.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface HandsOver {
  /// `routing`, or a family such as `deferred.*`.
  String[] value();
}
