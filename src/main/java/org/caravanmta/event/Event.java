package org.caravanmta.event;

/// Something that has happened to mail, or to who brings it: told once, by the stage where it has
/// happened, to {@link Events}; what is read, counted or streamed of it is made from this value.
///
/// There is one kind for each stage, and each record says in whose words it is logged: those of the
/// programs that do the same work in Postfix (postfix `master(8)`).
public sealed interface Event
    permits SessionEvent,
        RestrictionEvent,
        CheckEvent,
        FilterEvent,
        SubmissionEvent,
        DeliveryEvent,
        ScheduleEvent,
        TlsEvent,
        LocalEvent,
        StageEvent,
        ReportEvent,
        QuarantineEvent,
        OperatorEvent {}
