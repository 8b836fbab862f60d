//! The directory, its validation and compilation, and the guide that turns answers into a recommendation.
