//! A picture of lines over a logarithmic axis, as SVG that reads on a light and on a dark page.

use std::fmt::Write;

/// A diagram beside the others of a picture.
pub struct Panel {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub name: &'static str,
    /// One for each place on the axis.
    pub values: Vec<f64>,
}

const WIDTH: usize = 360;
const HEIGHT: usize = 220;
/// Of the diagram in its panel.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 340.0;
const TOP: f64 = 54.0;
const BOTTOM: f64 = 180.0;

const STYLE: &str = "\
    text { font: 12px sans-serif; fill: #57606a } .grid { stroke: #8c959f; stroke-opacity: .3 } \
    polyline { fill: none; stroke-width: 2 } .line0 { stroke: #bc4c00; fill: #bc4c00 } .line1 { stroke: #0969da; fill: #0969da } \
    text.line0, text.line1 { stroke: none } polyline.line0, polyline.line1 { fill: none } .line1 { stroke-dasharray: 6 3 } \
    @media (prefers-color-scheme: dark) { text { fill: #9198a1 } .line0 { stroke: #f0883e; fill: #f0883e } \
    .line1 { stroke: #58a6ff; fill: #58a6ff } }";

/// Draws the panels side by side; `axis` has the values of the horizontal axis, each as far from the next as a factor of ten.
pub fn draw(axis: &[usize], panels: &[Panel]) -> String {
    let width = WIDTH * panels.len();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\">\n\
         <style>{STYLE}</style>\n"
    );
    for (index, panel) in panels.iter().enumerate() {
        let _ = writeln!(svg, "<g transform=\"translate({}, 0)\">", index * WIDTH);
        panel.draw(&mut svg, axis);
        svg.push_str("</g>\n");
    }
    svg + "</svg>\n"
}

impl Panel {
    fn draw(&self, svg: &mut String, axis: &[usize]) {
        let highest = self.lines.iter().flat_map(|line| &line.values).copied().fold(0.0, f64::max);
        let step = step(highest);
        let steps = (highest / step).ceil();
        let x =
            |place: f64| LEFT + (RIGHT - LEFT) * place / f64::from(u32::try_from(axis.len() - 1).unwrap_or(1).max(1));
        let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / (step * steps);

        let _ = writeln!(svg, "<text x=\"8\" y=\"18\">{}</text>", self.title);
        let mut value = 0.0;
        while value <= step * steps {
            let at = y(value);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
            let _ = writeln!(svg, "<text x=\"38\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>", at + 4.0);
            value += step;
        }
        for (place, value) in (0u32..).zip(axis) {
            let at = x(f64::from(place));
            let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"198\" text-anchor=\"middle\">{value}</text>");
        }
        let _ = writeln!(svg, "<text x=\"192\" y=\"215\" text-anchor=\"middle\">calls in flight</text>");
        for (index, line) in self.lines.iter().enumerate() {
            let _ = write!(svg, "<polyline class=\"line{index}\" points=\"");
            for (place, value) in (0u32..).zip(&line.values) {
                let _ = write!(svg, "{:.1},{:.1} ", x(f64::from(place)), y(*value));
            }
            svg.push_str("\"/>\n");
            let _ =
                writeln!(svg, "<text class=\"line{index}\" x=\"{}\" y=\"38\">{}</text>", 44 + 130 * index, line.name);
        }
    }
}

/// The distance of the lines of a grid, a round number.
fn step(highest: f64) -> f64 {
    let power = 10f64.powf(highest.max(1.0).log10().floor());
    [0.2, 0.5, 1.0, 2.0].into_iter().map(|factor| factor * power).find(|step| highest / step <= 6.0).unwrap_or(power)
}
