//! What is common to read from a state, in units for people.

use std::fmt;
use std::ops::RangeInclusive;

use crate::matter::attribute::Attribute;
use crate::matter::clusters::{
    AlarmState, BatteryLevel, DoorState, LockState, basic_information, boolean_state, descriptor, door_lock,
    illuminance_measurement, occupancy_sensing, power_source, relative_humidity_measurement, smoke_co_alarm,
    temperature_measurement,
};
use crate::matter::device_kind::{DeviceKind, device_types};
use crate::matter::state::State;

/// What a contact sensor reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// The door or the window is open.
    Open,
    /// It is closed.
    Closed,
}

impl State {
    /// Whether the lock is locked: `257/0`.
    #[must_use]
    #[inline]
    pub fn lock_state(&self) -> Option<LockState> {
        self.find(door_lock::LOCK_STATE)
    }

    /// How the door of the lock stands: `257/3`.
    #[must_use]
    #[inline]
    pub fn door_state(&self) -> Option<DoorState> {
        self.find(door_lock::DOOR_STATE)
    }

    /// The charge of the battery in percent, 0 to 100 in steps of a half: `47/12`, which has half percents.
    #[must_use]
    #[inline]
    pub fn battery_percent(&self) -> Option<f64> {
        self.in_range(power_source::BAT_PERCENT_REMAINING, 0..=200).map(|half_percents| half_percents / 2.0)
    }

    /// How urgent it is to charge or replace the battery: `47/14`.
    #[must_use]
    #[inline]
    pub fn battery_level(&self) -> Option<BatteryLevel> {
        self.find(power_source::BAT_CHARGE_LEVEL)
    }

    /// What a contact sensor reports: `69/0`. `None` unless the device is known to be one: a leak detector reports by the
    /// same attribute. See [`with_device_kind`](Self::with_device_kind).
    #[must_use]
    #[inline]
    pub fn contact(&self) -> Option<Contact> {
        let contact = |closed| if closed { Contact::Closed } else { Contact::Open };
        self.boolean_state(DeviceKind::ContactSensor).map(contact)
    }

    /// Whether a water leak detector detects a leak: `69/0`. `None` unless the device is known to be one: see
    /// [`with_device_kind`](Self::with_device_kind).
    #[must_use]
    #[inline]
    pub fn leak(&self) -> Option<bool> {
        self.boolean_state(DeviceKind::WaterLeakDetector)
    }

    /// Whether a water freeze detector detects that water may freeze: `69/0`. `None` unless the device is known to be one:
    /// see [`with_device_kind`](Self::with_device_kind).
    #[must_use]
    #[inline]
    pub fn freeze(&self) -> Option<bool> {
        self.boolean_state(DeviceKind::WaterFreezeDetector)
    }

    /// Whether a rain sensor detects rain: `69/0`. `None` unless the device is known to be one: see
    /// [`with_device_kind`](Self::with_device_kind).
    #[must_use]
    #[inline]
    pub fn rain(&self) -> Option<bool> {
        self.boolean_state(DeviceKind::RainSensor)
    }

    /// The temperature in degrees Celsius, -273.15 to 327.67: `1026/0`, which has hundredths.
    #[must_use]
    #[inline]
    pub fn temperature_celsius(&self) -> Option<f64> {
        let hundredths = self.in_range(temperature_measurement::MEASURED_VALUE, -27_315..=32_767);
        hundredths.map(|hundredths| hundredths / 100.0)
    }

    /// The relative humidity in percent, 0 to 100: `1029/0`, which has hundredths.
    #[must_use]
    #[inline]
    pub fn relative_humidity_percent(&self) -> Option<f64> {
        let hundredths = self.in_range(relative_humidity_measurement::MEASURED_VALUE, 0..=10_000);
        hundredths.map(|hundredths| hundredths / 100.0)
    }

    /// The illuminance in lux, 1 to about 3.6 million, or 0 where it is too low to be measured: `1024/0`, which has a
    /// logarithmic scale.
    #[must_use]
    #[inline]
    pub fn illuminance_lux(&self) -> Option<f64> {
        let scaled = self.in_range(illuminance_measurement::MEASURED_VALUE, 0..=65_534)?;
        Some(if scaled == 0.0 { 0.0 } else { 10_f64.powf((scaled - 1.0) / 10_000.0) })
    }

    /// Whether somebody is there: bit 0 of `1030/0`.
    #[must_use]
    #[inline]
    pub fn occupied(&self) -> Option<bool> {
        self.find(occupancy_sensing::OCCUPANCY).map(|bits| bits & 1 == 1)
    }

    /// The smoke alarm of the device itself: `92/1`.
    #[must_use]
    #[inline]
    pub fn smoke(&self) -> Option<AlarmState> {
        self.find(smoke_co_alarm::SMOKE_STATE)
    }

    /// The smoke alarm of another detector that the device is connected to: `92/8`.
    #[must_use]
    #[inline]
    pub fn interconnected_smoke(&self) -> Option<AlarmState> {
        self.find(smoke_co_alarm::INTERCONNECT_SMOKE_ALARM)
    }

    /// The kind of the device: the device types of all endpoints together (`29/0`), or what
    /// [`with_device_kind`](Self::with_device_kind) has said. `None` for a device of several kinds.
    #[must_use]
    #[inline]
    pub fn device_kind(&self) -> Option<DeviceKind> {
        DeviceKind::of(self.device_types(None)).or(self.given_kind())
    }

    /// The name of the vendor: `40/1`.
    #[must_use]
    #[inline]
    pub fn vendor(&self) -> Option<String> {
        self.find(basic_information::VENDOR_NAME)
    }

    /// The serial number: `40/15`.
    #[must_use]
    #[inline]
    pub fn serial_number(&self) -> Option<String> {
        self.find(basic_information::SERIAL_NUMBER)
    }

    #[allow(clippy::cast_precision_loss, reason = "the ranges end far below 2^53")]
    #[inline]
    fn in_range(&self, attribute: Attribute<i64>, range: RangeInclusive<i64>) -> Option<f64> {
        self.find_all(attribute).map(|(_, value)| value).find(|value| range.contains(value)).map(|value| value as f64)
    }

    /// The boolean state of the first endpoint that is such a device. What an endpoint is says its own list of device types;
    /// if it has none that matters, the lists of the other endpoints, and then the caller.
    #[inline]
    fn boolean_state(&self, device_kind: DeviceKind) -> Option<bool> {
        let of_device = || {
            let own = DeviceKind::of_boolean_state(self.device_types(None));
            own.or(self.given_kind()).filter(|device_kind| device_kind.has_boolean_state())
        };
        let mut states = self.find_all(boolean_state::STATE_VALUE);
        let found = states.find(|(path, _)| {
            let of_endpoint = DeviceKind::of_boolean_state(self.device_types(Some(path.endpoint)));
            of_endpoint.or_else(of_device) == Some(device_kind)
        });
        found.map(|(_, state)| state)
    }

    /// The device types of one endpoint, or of all.
    #[inline]
    fn device_types(&self, endpoint: Option<u16>) -> impl Iterator<Item = u32> {
        let lists = self.iter().filter(|(path, _)| descriptor::DEVICE_TYPE_LIST.is_at(*path));
        let lists = lists.filter(move |(path, _)| endpoint.is_none_or(|endpoint| endpoint == path.endpoint));
        lists.flat_map(|(_, list)| device_types(list))
    }
}

impl fmt::Debug for State {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("State");
        macro_rules! fields {
            ($($reading:ident),+) => {$(
                if let Some(reading) = self.$reading() {
                    debug.field(stringify!($reading), &reading);
                }
            )+};
        }
        fields!(
            available,
            device_kind,
            lock_state,
            door_state,
            battery_percent,
            battery_level,
            contact,
            leak,
            freeze,
            rain
        );
        fields!(temperature_celsius, relative_humidity_percent, illuminance_lux, occupied, smoke, interconnected_smoke);
        debug.field("paths", &self.iter().map(|(path, _)| path).collect::<Vec<_>>());
        debug.finish_non_exhaustive()
    }
}
