/// What has a history of its own. Its events are numbered, and its version is the number of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aggregate {
    User,
    Lock,
    /// A temporary key with several doors. A lock's own keys are part of the lock.
    TempKey,
    Hub,
    MatterDevice,
    Camera,
    /// The license plates that a camera has read.
    PlateReads,
    CameraRole,
    RtspCamera,
}

impl Aggregate {
    /// What it is called in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Lock => "Lock",
            Self::TempKey => "Temporary key",
            Self::Hub => "Hub",
            Self::MatterDevice => "Matter device",
            Self::Camera | Self::PlateReads => "Camera",
            Self::CameraRole => "Camera role",
            Self::RtspCamera => "RTSP camera",
        }
    }
}
