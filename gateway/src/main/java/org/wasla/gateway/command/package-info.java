/**
 * Orders from the platform: bytes and topic become a command, or a list of what is wrong with them. Pure; the uplink
 * asks, and the agent will.
 */
@org.jspecify.annotations.NullMarked
package org.wasla.gateway.command;
