package org.wasla.gateway.identify;

import org.wasla.gateway.profile.Profile;

/**
 * A profile that may be the right one for what was heard.
 *
 * @param confidence 0 to 1; below {@link Identifier#LEAST} it is no answer
 * @param why what speaks for it, in words
 */
public record Candidate(Profile profile, double confidence, String why) {}
