/// Programs that others wrote, from Debian's packages, as clients of a Caravan in a process of its
/// own: swaks, curl, msmtp, gsasl, Python, OpenSSL, Postfix. A test whose program is not installed
/// is skipped and says so; `.ci/run` installs them all, and refuses a run in which one was skipped.
@NullMarked
package org.caravanmta.peers;

import org.jspecify.annotations.NullMarked;
