package io.pare.stage.images;

/**
 * An image that could not be used.
 *
 * @param id place in the data set
 * @param name as the data set has it
 * @param reason in words
 */
public record BadImage(long id, String name, String reason) {}
