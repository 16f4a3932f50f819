//! Other programs within the same limit get their part.

use super::*;

type Program = fn(&Rc<HubSpot>, &Rc<Tally>);

fn ten_a_second(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    let (hubspot, tally) = (hubspot.clone(), tally.clone());
    spawn_local(async move {
        loop {
            let (hubspot, tally) = (hubspot.clone(), tally.clone());
            spawn_local(async move { hubspot.stubborn(&tally).await });
            sleep(ms(100)).await;
        }
    });
}

fn a_hundred_now_and_then(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    let mut rng = fastrand::Rng::with_seed(3);
    let (hubspot, tally) = (hubspot.clone(), tally.clone());
    spawn_local(async move {
        loop {
            let offset = rng.u64(0..10_000);
            sleep(ms(offset)).await;
            for _ in 0..100 {
                let (hubspot, tally) = (hubspot.clone(), tally.clone());
                spawn_local(async move {
                    let (status, _) = hubspot.call().await;
                    tally.count(status);
                });
            }
            sleep(ms(10_000 - offset)).await;
        }
    });
}

fn hog<const IN_FLIGHT: usize>(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    for _ in 0..IN_FLIGHT {
        let (hubspot, tally) = (hubspot.clone(), tally.clone());
        spawn_local(async move {
            loop {
                hubspot.stubborn(&tally).await;
                yield_now().await;
            }
        });
    }
}

/// Five minutes beside another program, which began so much earlier. Gives our tally and theirs.
async fn beside(other: Program, latency: Duration, earlier: Duration) -> (Rc<Tally>, Rc<Tally>) {
    let hubspot = Rc::new(HubSpot::new(190, latency));
    let limiter = Rc::new(Limiter::new(&RateLimit::professional()));
    let (ours, theirs) = (Rc::new(Tally::default()), Rc::new(Tally::default()));
    let work = async {
        other(&hubspot, &theirs);
        sleep(earlier).await;
        crowd(&hubspot, &limiter, &ours, 50);
        sleep(secs(300)).await;
    };
    LocalSet::new().run_until(work).await;
    println!(
        "{latency:?}, {earlier:?} earlier: ours {} accepted, {} refused ({:.2} %); theirs {}, {}",
        ours.accepted.get(),
        ours.refused.get(),
        ours.refused_share() * 100.0,
        theirs.accepted.get(),
        theirs.refused.get(),
    );
    (ours, theirs)
}

#[tokio::test(start_paused = true)]
async fn a_steady_program_beside_is_left_its_part() {
    for (latency, earlier) in [(0, 33), (50, 0), (50, 33), (200, 0), (200, 33)] {
        let (ours, theirs) = beside(ten_a_second, ms(latency), secs(earlier)).await;
        assert!(ours.refused_share() < 0.01, "{ours:?}");
        assert!(ours.accepted.get() > 2_000 && theirs.accepted.get() > 1_500);
    }
}

#[tokio::test(start_paused = true)]
async fn bursts_of_a_program_beside_cost_few_refusals() {
    for latency in [0, 50, 200] {
        for earlier in [0, 33] {
            let (ours, _) = beside(a_hundred_now_and_then, ms(latency), secs(earlier)).await;
            assert!(ours.refused_share() < 0.01, "{ours:?}");
            assert!(ours.accepted.get() > 1_500, "{ours:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_greedy_program_that_comes_later_is_held_back_without_refusals() {
    for latency in [50, 200] {
        let (ours, theirs) = beside(hog::<1>, ms(latency), Duration::ZERO).await;
        assert!(ours.refused_share() < 0.01, "{ours:?}");
        assert!(ours.accepted.get() > 1_000 && theirs.accepted.get() > 500);
    }
}

/// A program that takes every slot as soon as it is free leaves none. Then the client can only
/// limit its attempts.
#[tokio::test(start_paused = true)]
async fn beside_a_program_that_takes_everything_few_requests_are_tried_in_vain() {
    for latency in [0, 50, 200] {
        let (ours, _) = beside(hog::<50>, ms(latency), secs(33)).await;
        assert!(ours.refused.get() <= 20, "{ours:?}");
    }
    let (ours, _) = beside(hog::<1>, ms(50), secs(33)).await;
    assert!(ours.refused.get() <= 20 && ours.accepted.get() > 100, "{ours:?}");
}
