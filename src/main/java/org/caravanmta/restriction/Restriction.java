package org.caravanmta.restriction;

/// One thing that may be said for or against a case (postfix `SMTPD_ACCESS_README`).
@FunctionalInterface
interface Restriction {
  Finding ask(RestrictedCase asked);
}
