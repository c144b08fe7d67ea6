/// What the operator decides: {@link org.caravanmta.config.Settings}, one record component for each
/// key of `config/caravan.yaml`, which is the reference and the only place of defaults.
///
/// *Place:* before anything starts. *Decides:* the reference, then the operator's file, then each
/// `--set KEY=VALUE` and `--data DIR`, the later over the earlier; a list replaces the list before
/// it. *When it cannot tell:* nothing starts; {@link org.caravanmta.config.SettingsProblem} has one
/// line for each mistake, `FILE:LINE: KEY: VALUE: what was expected`. *Limits:* tables, routes and
/// the servers behind names are not looked at here.
@NullMarked
package org.caravanmta.config;

import org.jspecify.annotations.NullMarked;
