//! The colors of landmarks.
/// Okabe and Ito's colors in the order of FLD's landmarks, distinguishable with color blindness.
/// White replaces their black. Further landmarks repeat the colors.
pub const LANDMARK_COLORS: [[u8; 3]; 8] = [
    [230, 159, 0],
    [86, 180, 233],
    [0, 158, 115],
    [240, 228, 66],
    [0, 114, 178],
    [213, 94, 0],
    [204, 121, 167],
    [240, 240, 240],
];

/// The color of landmark `index` of the schema.
pub(super) fn color(index: usize) -> [u8; 3] {
    LANDMARK_COLORS[index % LANDMARK_COLORS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simulation of color vision deficiencies: Machado, Oliveira and Fernandes, "A
    /// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0,
    /// on linear RGB: protanopia, deuteranopia, tritanopia.
    const DEFICIENCIES: [[[f64; 3]; 3]; 3] = [
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    fn linear(color: [u8; 3]) -> [f64; 3] {
        color.map(|channel| {
            let v = f64::from(channel) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn times(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(v).map(|(m, v)| m * v).sum())
    }

    /// CIE L*a*b* of linear sRGB, with its white point D65.
    fn lab(rgb: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] = [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ];
        let white = times(&XYZ, [1.0; 3]);
        let xyz = times(&XYZ, rgb.map(|v| v.clamp(0.0, 1.0)));
        let [x, y, z] = [0, 1, 2].map(|i| {
            let t: f64 = xyz[i] / white[i];
            if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The smallest distance between two of the colors, seen through `matrix`.
    fn least_distance(matrix: &[[f64; 3]; 3]) -> f64 {
        let seen = LANDMARK_COLORS.map(|color| lab(times(matrix, linear(color))));
        let pairs = (0..seen.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let distance = |(i, j): (usize, usize)| {
            (0..3).map(|k| (seen[i][k] - seen[j][k]).powi(2)).sum::<f64>().sqrt()
        };
        pairs.map(distance).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn color_blind_people_can_tell_the_colors_apart() {
        // A difference of 2.3 is just noticeable. The smallest are, by colorspacious 1.1.2 (its
        // sRGB1+CVD and CIELab): 26.4 with normal vision, then 20.7, 17.0 and 16.1. Its matrices of
        // sRGB have fewer digits.
        let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let [plain, red, green, blue] =
            [identity, DEFICIENCIES[0], DEFICIENCIES[1], DEFICIENCIES[2]]
                .map(|m| least_distance(&m));
        for (found, expected) in [(plain, 26.4), (red, 20.7), (green, 17.0), (blue, 16.1)] {
            assert!((found - expected).abs() < 0.1, "{found}, not {expected}");
        }
    }
}
