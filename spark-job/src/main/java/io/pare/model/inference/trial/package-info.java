/**
 * The first run of a network, before anything is built on it: what native code does not survive is
 * refused by arithmetic where it can be, and else found out in a process of its own. Entry: {@link
 * io.pare.model.inference.trial.Trial}. Knows no file system and no Spark.
 */
package io.pare.model.inference.trial;
