/// What the operator decides, read from a file into records: {@link
/// org.caravanmta.config.SettingsReader} binds each component of a record to a key of the
/// reference, which is the only place of defaults, and knows nothing of what the settings are for.
/// The records are where they are used.
///
/// *Place:* before anything starts. *Decides:* the reference, then the operator's file, then each
/// `--set KEY=VALUE` and what other options say, the later over the earlier; a list replaces the
/// list before it. How a value is written is said by a {@link org.caravanmta.config.ValueForm}; a
/// rule of a setting stands in the constructor of its record. *When it cannot tell:* nothing
/// starts; {@link org.caravanmta.config.SettingsProblem} has one line for each mistake, `FILE:LINE:
/// KEY: VALUE: what was expected`. *Limits:* tables, routes and the servers behind names are not
/// looked at here.
@NullMarked
package org.caravanmta.config;

import org.jspecify.annotations.NullMarked;
