/**
 * What goes beside a published network for people and registries: the model card and the table of
 * layers. Depends on {@code report} alone.
 */
package io.pare.report.card;
