use serde_json::Value;

use crate::matter::attribute::AttributeValue;

/// What kind of device a Matter device is, by the numbers of its device types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceKind {
    /// A door lock: 10.
    Lock,
    /// A switch or a button: 15.
    Switch,
    /// A sensor that sees whether a door or a window is closed: 21.
    ContactSensor,
    /// An air quality sensor: 44.
    AirQualitySensor,
    /// A sensor that detects whether water may freeze: 65.
    WaterFreezeDetector,
    /// A sensor that detects leaking water: 67.
    WaterLeakDetector,
    /// A rain sensor: 68.
    RainSensor,
    /// A soil sensor: 69.
    SoilSensor,
    /// A smoke and carbon monoxide alarm: 118.
    SmokeCoAlarm,
    /// A light sensor: 262.
    LightSensor,
    /// An occupancy sensor: 263.
    OccupancySensor,
    /// A temperature sensor: 770.
    TemperatureSensor,
    /// A humidity sensor: 775.
    HumiditySensor,
    /// A sensor that is on or off: 2128.
    OnOffSensor,
    /// A temperature and humidity sensor: 770 and 775.
    TemperatureHumiditySensor,
    /// A light, temperature and humidity sensor: 262, 770 and 775.
    LightTemperatureHumiditySensor,
    /// An occupancy, temperature and humidity sensor: 263, 770 and 775.
    OccupancyTemperatureHumiditySensor,
    /// A kind that this version does not know, by its number.
    Unknown(u32),
}

const SINGLE: [(u32, DeviceKind); 14] = [
    (10, DeviceKind::Lock),
    (15, DeviceKind::Switch),
    (21, DeviceKind::ContactSensor),
    (44, DeviceKind::AirQualitySensor),
    (65, DeviceKind::WaterFreezeDetector),
    (67, DeviceKind::WaterLeakDetector),
    (68, DeviceKind::RainSensor),
    (69, DeviceKind::SoilSensor),
    (118, DeviceKind::SmokeCoAlarm),
    (262, DeviceKind::LightSensor),
    (263, DeviceKind::OccupancySensor),
    (770, DeviceKind::TemperatureSensor),
    (775, DeviceKind::HumiditySensor),
    (2128, DeviceKind::OnOffSensor),
];

/// Device types that say nothing of what a device is for: aggregator, power source, OTA requestor, bridged node, OTA
/// provider, root node, secondary network interface.
const UTILITIES: [u32; 7] = [14, 17, 18, 19, 20, 22, 25];

impl DeviceKind {
    /// The one kind that all these device types make; none if there are none, or several that make no kind.
    #[inline]
    pub(super) fn of(numbers: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut numbers: Vec<_> = numbers.into_iter().filter(|number| !UTILITIES.contains(number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        match numbers.as_slice() {
            [number] => Some(Self::single(*number)),
            [770, 775] => Some(Self::TemperatureHumiditySensor),
            [262, 770, 775] => Some(Self::LightTemperatureHumiditySensor),
            [263, 770, 775] => Some(Self::OccupancyTemperatureHumiditySensor),
            _ => None,
        }
    }

    /// The one kind among these device types for which a boolean state has a meaning.
    #[inline]
    pub(super) fn of_boolean_state(numbers: impl IntoIterator<Item = u32>) -> Option<Self> {
        Self::of(numbers.into_iter().filter(|number| Self::single(*number).has_boolean_state()))
    }

    #[inline]
    pub(super) fn has_boolean_state(self) -> bool {
        matches!(
            self,
            Self::ContactSensor
                | Self::WaterFreezeDetector
                | Self::WaterLeakDetector
                | Self::RainSensor
                | Self::OnOffSensor
        )
    }

    #[inline]
    fn single(number: u32) -> Self {
        let known = SINGLE.iter().find(|(known, _)| *known == number);
        known.map_or(Self::Unknown(number), |(_, device_kind)| *device_kind)
    }
}

/// The device types in the value of `DeviceTypeList`: `[{"0": 10, "1": 3}]`, or one number.
#[inline]
pub(super) fn device_types(list: &Value) -> Vec<u32> {
    let numbers = match list {
        Value::Array(elements) => elements.iter().filter_map(|element| i64::read(element.get("0")?)).collect(),
        number => Vec::from_iter(i64::read(number)),
    };
    numbers.into_iter().filter_map(|number| number.try_into().ok()).collect()
}
