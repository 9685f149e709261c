// The exceptions that the engine throws: each says what was given and what was expected.
// Nothing in engine/ asserts on what a caller may get wrong; web/ turns these into a sentence for the learner.
#pragma once

#include <stdexcept>
#include <string>

namespace trilens {

// Base of all, so that a caller can catch "anything the engine refuses".
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Shapes do not fit an operation. The message names the operation and both shapes.
class ShapeError : public Error {
public:
    using Error::Error;
};

// A setting (stride, learning rate, class number, index, name) is outside what is allowed.
class ValueError : public Error {
public:
    using Error::Error;
};

// Bytes are not what their format says (safetensors, idx, ...).
class FormatError : public Error {
public:
    using Error::Error;
};

// A computation produced infinity or NaN. The message names the first node that did.
class NonFiniteError : public Error {
public:
    using Error::Error;
};

}  // namespace trilens
