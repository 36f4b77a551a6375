//! As much of Protocol Buffers as a tile needs.

/// A message that is being written.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A variable-length number.
    pub(super) fn number(&mut self, field: u32, number: u64) {
        self.varint(u64::from(field << 3));
        self.varint(number);
    }

    /// A signed number in zigzag order.
    pub(super) fn signed(&mut self, field: u32, number: i64) {
        self.number(field, ((number << 1) ^ (number >> 63)) as u64);
    }

    /// A double.
    pub(super) fn double(&mut self, field: u32, number: f64) {
        self.varint(u64::from(field << 3 | 1));
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Bytes, a string or a message inside this one.
    pub(super) fn bytes(&mut self, field: u32, bytes: &[u8]) {
        self.varint(u64::from(field << 3 | 2));
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Numbers in one run.
    pub(super) fn packed(&mut self, field: u32, numbers: &[u32]) {
        self.varint(u64::from(field << 3 | 2));
        self.varint(numbers.iter().map(|n| length(*n)).sum());
        for number in numbers {
            self.varint(u64::from(*number));
        }
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}

/// How many bytes a number takes.
fn length(number: u32) -> u64 {
    u64::from((38 - (number | 1).leading_zeros()) / 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_bytes() {
        for number in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 1 << 28, u32::MAX] {
            let mut message = Message::default();
            message.varint(u64::from(number));
            assert_eq!(length(number), message.0.len() as u64, "{number}");
        }
    }

    #[test]
    fn the_example_of_the_manual() {
        // protobuf.dev, "Encoding": field 1 = 150 is 08 96 01.
        let mut message = Message::default();
        message.number(1, 150);
        assert_eq!(message.into_bytes(), [0x08, 0x96, 0x01]);
    }
}
